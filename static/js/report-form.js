/* The report form: a draft that outlives a lost connection, and a form that says so instead of losing the report. */
"use strict";

(function () {
  const form = document.getElementById("report-form");
  const sent = document.querySelector("[data-sent-uuid]");
  const owner = (form ?? sent)?.dataset.draft;
  const STORE = `fieldloop-report-draft-${owner}`;
  /* Not of the report: tokens, files (a browser gives none back), and what the form suggests by itself. */
  const SKIPPED = new Set(["csrfmiddlewaretoken", "photos", "suggested"]);

  function read() {
    try {
      return JSON.parse(window.localStorage.getItem(STORE) ?? "null");
    } catch (error) {
      return null;
    }
  }

  function write(draft) {
    try {
      if (draft) window.localStorage.setItem(STORE, JSON.stringify(draft));
      else window.localStorage.removeItem(STORE);
      return true;
    } catch (error) {
      return false;
    }
  }

  /* The server has it: the draft that it came from is done with. */
  if (sent && read()?.client_uuid === sent.dataset.sentUuid) write(null);
  if (!form) return;

  const fields = (name) => [...form.elements].filter((field) => field.name === name);
  const show = (name, on) => form.querySelector(`[data-${name}]`)?.toggleAttribute("hidden", !on);

  function values() {
    const draft = {};
    for (const [name, value] of new FormData(form)) {
      if (!SKIPPED.has(name) && typeof value === "string") draft[name] = value;
    }
    return draft;
  }

  function put(name, value) {
    for (const field of fields(name)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value)) field.value = value;
    }
  }

  let timer = 0;
  function keep() {
    window.clearTimeout(timer);
    timer = window.setTimeout(keepNow, 300);
  }

  function keepNow() {
    window.clearTimeout(timer);
    const draft = values();
    if (!draft.title && !draft.body && !draft.conditions) return;
    if (write(draft)) show("draft-hint", true);
  }

  /* --- times: "1 hour ago" counts from when the form was opened, and says which time that is ------- */
  function showTimes() {
    const opened = new Date(fields("as_of")[0].value);
    if (Number.isNaN(opened.getTime())) return;
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const time = new Intl.DateTimeFormat(document.documentElement.lang, clock);
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", ...clock });
    for (const radio of fields("seen")) {
      const hint = radio.closest("label").querySelector(".choice-hint");
      if (!hint || radio.value === "exact") continue;
      const moment = new Date(opened.getTime() - Number(radio.value) * 60000);
      hint.textContent = (moment.toDateString() === new Date().toDateString() ? time : day).format(moment);
    }
  }

  /* --- the draft comes back -------------------------------------------------------------------------- */
  let waiting = null;
  function restore(draft) {
    const about = ["team", "platform", "component"].some((name) => draft[name] && fields(name)[0]?.value !== draft[name]);
    for (const [name, value] of Object.entries(draft)) put(name, value);
    if (draft.body || draft.conditions) form.querySelector("[data-fold]").open = true;
    show("draft-note", true);
    showTimes();
    if (about) {
      // What may be chosen below depends on these: the server gives that part anew, then the rest is put back.
      waiting = draft;
      fields("component")[0].dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "report-about" && event.target.id !== "report-about") return;
    if (waiting) {
      put("hardware", waiting.hardware ?? "");
      put("version_text", waiting.version_text ?? "");
      waiting = null;
    }
    keep();
  });

  form.addEventListener("input", (event) => {
    const { name, value, selectedOptions } = event.target;
    const said = value && selectedOptions ? selectedOptions[0].text : value;
    for (const place of form.querySelectorAll(`[data-shows="${name}"]`)) {
      place.textContent = said ? `${place.dataset.before ?? ""}${said}` : place.dataset.empty ?? "";
    }
    keep();
  });
  form.addEventListener("change", keep);
  window.addEventListener("pagehide", keepNow);

  form.querySelector("[data-draft-discard]").addEventListener("click", () => {
    form.removeEventListener("input", keep);
    window.removeEventListener("pagehide", keepNow);
    write(null);
    window.location.reload();
  });

  /* --- sending ------------------------------------------------------------------------------------------ */
  form.addEventListener(
    "submit",
    (event) => {
      keepNow();
      show("offline-note", !navigator.onLine);
      if (!navigator.onLine) event.preventDefault();
    },
    { capture: true },
  );
  window.addEventListener("online", () => show("offline-note", false));

  /* "Other time" is read from the clock of this device, whatever zone the account names. */
  function useOwnClock() {
    fields("zone")[0].value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    const now = new Date();
    const local = new Date(now.getTime() - now.getTimezoneOffset() * 60000);
    if (!form.hasAttribute("data-bound")) fields("seen_exact")[0].value = local.toISOString().slice(0, 16);
  }

  useOwnClock();
  showTimes();
  // htmx begins to listen when the document stands; what a draft sets in motion needs it.
  document.addEventListener("DOMContentLoaded", () => {
    const draft = form.hasAttribute("data-bound") ? null : read();
    if (draft) restore(draft);
  });
})();
