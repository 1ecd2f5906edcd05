/* Triage: j and k open the next report beside the list; the list shows which one is open. */
"use strict";

(function () {
  const triage = document.querySelector("[data-triage]");
  if (!triage) return;
  let timer = 0;

  function mark() {
    const open = triage.querySelector("[data-ticket]")?.dataset.ticket;
    for (const link of triage.querySelectorAll("[data-row] a.title")) {
      const here = link.pathname.endsWith(`/${open}`);
      link.toggleAttribute("aria-current", here);
      if (here) link.setAttribute("aria-current", "true");
      link.closest("[data-row]").classList.toggle("is-here", here);
    }
  }

  /* A row that the keys have come to rest on is opened. */
  triage.addEventListener("focusin", (event) => {
    window.clearTimeout(timer);
    if (!event.target.matches("[data-row]")) return;
    const link = event.target.querySelector("a.title");
    if (link.hasAttribute("aria-current")) return;
    timer = window.setTimeout(() => link.click(), 120);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "triage-pane") return;
    triage.classList.add("is-picked");
    mark();
    if (!window.matchMedia("(min-width: 60rem)").matches) window.scrollTo({ top: 0 });
  });
  triage.querySelector("[data-row].is-here")?.scrollIntoView({ block: "nearest" });
})();
