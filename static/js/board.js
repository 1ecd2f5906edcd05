/* Boards: cards are dragged, moved by a menu, or by Shift and an arrow; the server has the last word. */
"use strict";

(function () {
  const { send, reason, toast, words } = window.fieldloop;

  const lists = (group) => [...document.querySelectorAll("[data-sortable]")].filter((list) => list.dataset.sortable === group);
  const cardOf = (node) => node.closest("[data-sortable-id]");
  const listOf = (card) => card.closest("[data-sortable]");

  function count(list) {
    const sign = list.closest(".board-column")?.querySelector("[data-board-count]");
    if (sign) sign.textContent = String(list.querySelectorAll(":scope > [data-sortable-id]").length);
  }

  /* Ask the server; put the card back where it was if it says no. */
  async function save(card, from, before) {
    const list = listOf(card);
    const url = card.dataset.sortableUrl || list.dataset.sortableUrl;
    [from, list].forEach(count);
    if (!url) return;
    card.classList.add("is-saving");
    const response = await send(url, {
      id: card.dataset.sortableId,
      column: list.dataset.column,
      before: card.nextElementSibling?.dataset.sortableId ?? "",
    });
    card.classList.remove("is-saving");
    if (response?.ok) {
      const html = (response.headers.get("Content-Type") || "").includes("text/html") ? (await response.text()).trim() : "";
      if (html && !html.startsWith("<!") && !response.redirected) replace(card, html);
      return;
    }
    from.insertBefore(card, before);
    [from, list].forEach(count);
    toast(await reason(response));
  }

  function replace(card, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    if (!fresh) return;
    const focused = card.contains(document.activeElement);
    card.replaceWith(fresh);
    window.htmx?.process(fresh);
    prepare(fresh);
    if (focused) fresh.focus();
  }

  function move(card, list) {
    const from = listOf(card);
    if (!list || list === from) return;
    const before = card.nextElementSibling;
    list.prepend(card);
    card.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    save(card, from, before);
  }

  /* The menu that moves a card without dragging it. */
  function prepare(card) {
    const place = card.querySelector("[data-move-menu]");
    if (!place || place.childElementCount) return;
    const head = document.createElement("p");
    head.className = "menu-head muted small";
    head.textContent = words().move;
    place.append(head);
    for (const list of lists(listOf(card).dataset.sortable)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "menu-item";
      button.textContent = list.dataset.columnLabel || list.dataset.column;
      button.disabled = list === listOf(card);
      button.addEventListener("click", () => {
        place.closest("details")?.removeAttribute("open");
        place.replaceChildren();
        move(card, list);
        prepare(card);
      });
      place.append(button);
    }
  }

  document.addEventListener("keydown", (event) => {
    const card = event.target.matches?.("[data-sortable-id]") ? event.target : null;
    if (!card || !event.shiftKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    const all = lists(listOf(card).dataset.sortable);
    move(card, all[all.indexOf(listOf(card)) + (event.key === "ArrowRight" ? 1 : -1)]);
  });

  for (const list of document.querySelectorAll("[data-sortable]")) {
    let before = null;
    window.Sortable?.create(list, {
      group: list.dataset.sortable,
      draggable: "[data-sortable-id]",
      filter: "summary, button, input, select",
      preventOnFilter: false,
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      ghostClass: "is-moving",
      // On a phone a swipe scrolls; only a press that stays picks the card up.
      delay: 180,
      delayOnTouchOnly: true,
      onStart: (event) => {
        before = event.item.nextElementSibling;
      },
      onEnd: (event) => {
        if (event.from !== event.to || event.oldDraggableIndex !== event.newDraggableIndex) {
          save(cardOf(event.item), event.from, before);
        }
      },
    });
    for (const card of list.querySelectorAll("[data-sortable-id]")) prepare(card);
  }
})();
