/* Native dialogs and menus: opened by name, closed by Escape, a cross or a press beside them. */
"use strict";

(function () {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog instanceof HTMLDialogElement && !dialog.open) {
        event.preventDefault();
        // Focus comes back to where it was; a menu that is about to close would swallow it.
        opener.closest("details[data-menu]")?.removeAttribute("open");
        dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) {
      closer.closest("dialog")?.close();
      return;
    }
    if (event.target instanceof HTMLDialogElement && event.target.open) {
      const box = event.target.getBoundingClientRect();
      const inside =
        event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      // A press on a child of the dialog has another target; Enter in a form comes with (0, 0).
      if (!inside && (event.clientX || event.clientY)) event.target.close();
    }
  });

  /* Menus: one open at a time, and none stays open behind a press elsewhere. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
  /* Inside a box that scrolls a sheet would be cut off: it is laid over the page, below or above its button. */
  function placeSheet(menu) {
    const sheet = menu.querySelector(".menu-sheet");
    if (!sheet || !menu.closest(".board, .table-wrap, .tabs")) return;
    const button = menu.querySelector("summary").getBoundingClientRect();
    sheet.style.position = "fixed";
    sheet.style.left = "auto";
    sheet.style.right = `${Math.max(8, document.documentElement.clientWidth - button.right)}px`;
    const below = window.innerHeight - button.bottom;
    const opensUp = below < sheet.offsetHeight + 12 && button.top > below;
    sheet.style.top = opensUp ? "auto" : `${button.bottom + 6}px`;
    sheet.style.bottom = opensUp ? `${window.innerHeight - button.top + 6}px` : "auto";
  }
  document.addEventListener("toggle", (event) => event.target.matches?.("details[data-menu][open]") && placeSheet(event.target), true);
  document.addEventListener(
    "scroll",
    (event) => {
      for (const menu of document.querySelectorAll(":is(.board, .table-wrap, .tabs) details[data-menu][open]")) {
        if (menu.contains(event.target)) continue;
        // The sheet goes along with its button; one whose button has left the window is closed.
        const button = menu.querySelector("summary").getBoundingClientRect();
        if (button.bottom < 0 || button.top > window.innerHeight) menu.removeAttribute("open");
        else placeSheet(menu);
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details[data-menu][open]") ?? document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });
})();
