/* Small helpers of every page: theme, times that stay true, copying, forms that are sent once. */
"use strict";

(function () {
  const root = document.documentElement;
  const { toast, words } = window.fieldloop;

  /* --- theme ------------------------------------------------------------------------------------- */
  function showTheme() {
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme ?? "")));
    }
  }

  function chooseTheme(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    try {
      if (theme) window.localStorage.setItem("fieldloop-theme", theme);
      else window.localStorage.removeItem("fieldloop-theme");
    } catch (error) {
      /* Nothing is remembered in a private window. */
    }
    showTheme();
    document.dispatchEvent(new CustomEvent("fieldloop:theme"));
  }

  /* --- times: what the server wrote grows old while the page is open ------------------------------- */
  const STEPS = [
    ["year", 365 * 86400],
    ["month", 30 * 86400],
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];

  function refreshTimes() {
    let format;
    try {
      format = new Intl.RelativeTimeFormat(root.lang || "en", { numeric: "always" });
    } catch (error) {
      return;
    }
    const now = Date.now();
    for (const node of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.round((now - Date.parse(node.dateTime)) / 1000);
      const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
      if (step) node.textContent = format.format(-Math.trunc(seconds / step[1]), step[0]);
    }
  }
  window.setInterval(refreshTimes, 60000);

  /* --- presses ------------------------------------------------------------------------------------- */
  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch (error) {
      return;
    }
    button.classList.add("is-done");
    toast(words().copied, { good: true });
    window.setTimeout(() => button.classList.remove("is-done"), 2000);
  }

  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice);
    const source = event.target.closest("[data-copy]");
    if (source) copy(source);
    const sample = event.target.closest("[data-toast]");
    if (sample) toast(sample.dataset.toast);
  });

  /* --- forms --------------------------------------------------------------------------------------- */
  const dirty = new Set();

  function sendOnce(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target === "_blank" || form.matches("[hx-post], [hx-put]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    dirty.delete(form);
    // A disabled button would take its own name and value out of what is sent, so it only looks so.
    for (const button of form.querySelectorAll("button:not([type=button])")) button.classList.add("is-busy");
  }

  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
    }
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) dirty.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });

  /* --- what scrolls inside its own box can be reached by keyboard ------------------------------------- */
  function reachScrollers() {
    for (const box of document.querySelectorAll("pre, .table-wrap, .board, .diff, .prose table")) {
      if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
      else if (box.tabIndex === 0) box.removeAttribute("tabindex");
    }
  }
  window.addEventListener("resize", reachScrollers);
  document.addEventListener("htmx:afterSettle", reachScrollers);

  /* --- when the page stands -------------------------------------------------------------------------- */
  showTheme();
  reachScrollers();
  for (const here of document.querySelectorAll(":is(.nav, .nav-below) [aria-current]")) {
    here.scrollIntoView({ block: "nearest", inline: "center" });
  }
  // After that, which may have brought the top of the page into view.
  document.querySelector("[data-focus]")?.focus();
})();
