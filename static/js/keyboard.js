/* Keyboard first: `?` the sheet, `/` search, `g` + letter to go, j k Enter in lists, and the keys that a page names. */
"use strict";

(function () {
  const STORE = "fieldloop-keys";
  let waitingForGo = 0;

  function off() {
    try {
      return window.localStorage.getItem(STORE) === "off";
    } catch (error) {
      return false;
    }
  }

  function typing(target) {
    return (
      target instanceof HTMLElement &&
      (target.isContentEditable ||
        target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"))
    );
  }

  const seen = (node) => Boolean(node && node.getClientRects().length);

  /* --- lists ----------------------------------------------------------------------------------- */
  function rows() {
    return [...document.querySelectorAll("[data-rows] [data-row]")].filter(seen);
  }

  function here() {
    return document.querySelector("[data-row].is-here");
  }

  function walk(step) {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(here());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    here()?.classList.remove("is-here");
    next.classList.add("is-here");
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function openRow(row) {
    const link = row.querySelector(".title a[href]") ?? row.querySelector("a[href]");
    link?.click();
    return Boolean(link);
  }

  /* --- what a key does --------------------------------------------------------------------------- */
  function follow(node) {
    if (node.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) node.focus();
    else node.click();
  }

  function find(attribute, key) {
    const nodes = [...document.querySelectorAll(`[data-${attribute}]`)].filter((node) => node.dataset[attribute] === key);
    return nodes.find(seen) ?? nodes[0];
  }

  function pressed(event) {
    const { key } = event;
    if (waitingForGo) {
      window.clearTimeout(waitingForGo);
      waitingForGo = 0;
      const destination = find("go", key);
      if (destination) destination.click();
      return Boolean(destination);
    }
    if (key === "/") {
      const field = [...document.querySelectorAll("main [data-search]"), ...document.querySelectorAll("[data-search]")].find(seen);
      field?.focus();
      field?.select?.();
      return Boolean(field);
    }
    if (key === "g" && document.querySelector("[data-go]")) {
      waitingForGo = window.setTimeout(() => (waitingForGo = 0), 1500);
      return true;
    }
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    if (key === "Enter" && event.target.matches?.("[data-row].is-here")) return openRow(event.target);
    const node = find("key", key);
    if (node) follow(node);
    return Boolean(node);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target) && !document.querySelector("dialog[open]")) {
      event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (off() && event.key !== "Enter") return;
    if (pressed(event)) event.preventDefault();
  });

  /* --- the sheet --------------------------------------------------------------------------------- */
  function line(label, keys) {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    term.textContent = label;
    for (const key of keys) {
      const sign = document.createElement("kbd");
      sign.textContent = key;
      value.append(sign, " ");
    }
    row.append(term, value);
    return row;
  }

  function fill(section, lines) {
    const list = section?.querySelector("dl");
    if (!list) return;
    list.replaceChildren(...lines);
    section.hidden = lines.length === 0;
  }

  function prepareSheet() {
    const sheet = document.getElementById("keys-dialog");
    if (!sheet) return;
    const go = [...document.querySelectorAll("[data-go]")];
    fill(sheet.querySelector("[data-keys-go]"), go.map((node) => line(node.textContent.trim(), ["g", node.dataset.go])));
    const named = new Map();
    for (const node of document.querySelectorAll("[data-key][data-key-label]")) {
      if (node.dataset.key !== "?") named.set(node.dataset.key, node.dataset.keyLabel);
    }
    fill(sheet.querySelector("[data-keys-page]"), [...named].map(([key, label]) => line(label, [key])));
    const choice = sheet.querySelector("[data-keys-switch]");
    if (choice) {
      choice.checked = !off();
      choice.addEventListener("change", () => {
        try {
          if (choice.checked) window.localStorage.removeItem(STORE);
          else window.localStorage.setItem(STORE, "off");
        } catch (error) {
          /* Nothing is remembered in a private window. */
        }
      });
    }
  }

  prepareSheet();
  document.addEventListener("htmx:afterSettle", prepareSheet);
})();
