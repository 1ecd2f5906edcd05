/* How htmx behaves here: a wait line after a second, errors told in words, questions asked in our own dialog. */
"use strict";

window.fieldloop = window.fieldloop || {};

(function () {
  const words = () => document.getElementById("client-words")?.dataset ?? {};

  /* --- toasts ------------------------------------------------------------------------------- */
  function toast(text, { good = false, stays = !good } = {}) {
    const place = document.getElementById("toasts");
    const template = document.getElementById("toast-template");
    if (!place || !template || !text) return;
    const node = template.content.firstElementChild.cloneNode(true);
    node.classList.toggle("is-good", good);
    node.querySelector("p").textContent = text;
    node.querySelector("[data-toast-close]").addEventListener("click", () => node.remove());
    place.append(node);
    while (place.children.length > 3) place.firstElementChild.remove();
    if (!stays) window.setTimeout(() => node.remove(), 4000);
  }

  /* What an answer says went wrong: problem+json in its own words, anything else in ours. */
  async function reason(response) {
    if (!response) return words().offline;
    const type = response.headers.get("Content-Type") || "";
    if (type.includes("json")) {
      try {
        const problem = await response.json();
        return problem.detail || problem.title || words().failed;
      } catch (error) {
        return words().failed;
      }
    }
    return words().failed;
  }

  /* --- the wait line: only for what lasts ------------------------------------------------------ */
  let running = 0;
  let timer = 0;
  function started() {
    running += 1;
    if (running === 1) {
      timer = window.setTimeout(() => document.getElementById("wait")?.removeAttribute("hidden"), 1000);
    }
  }
  function ended() {
    running = Math.max(0, running - 1);
    if (running === 0) {
      window.clearTimeout(timer);
      document.getElementById("wait")?.setAttribute("hidden", "");
    }
  }

  /* A request that changes something, with the token that Django asks for. */
  async function send(url, values) {
    const body = new URLSearchParams(values);
    const headers = { "X-Requested-With": "fetch", ...pageHeaders() };
    started();
    try {
      return await fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
    } catch (error) {
      return null;
    } finally {
      ended();
    }
  }

  function pageHeaders() {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    } catch (error) {
      return {};
    }
  }

  Object.assign(window.fieldloop, { toast, reason, send, words });

  document.addEventListener("htmx:beforeRequest", started);
  document.addEventListener("htmx:afterRequest", ended);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    // Our own error pages come as a fragment for #messages, or a form comes back with its errors.
    if (xhr.status >= 400 && (xhr.getResponseHeader("HX-Retarget") || xhr.status === 422)) {
      const type = xhr.getResponseHeader("Content-Type") || "";
      if (type.includes("text/html")) {
        event.detail.shouldSwap = true;
        event.detail.isError = false;
      }
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    let text = words().failed;
    if ((xhr.getResponseHeader("Content-Type") || "").includes("json")) {
      try {
        const problem = JSON.parse(xhr.responseText);
        text = problem.detail || problem.title || text;
      } catch (error) {
        /* The words we have will do. */
      }
    }
    toast(text);
  });
  document.addEventListener("htmx:sendError", () => toast(words().offline));
  document.addEventListener("htmx:timeout", () => toast(words().offline));

  /* hx-confirm asks with our dialog instead of the browser's. */
  document.addEventListener("htmx:confirm", (event) => {
    const dialog = document.getElementById("confirm-dialog");
    if (!event.detail.question || !dialog) return;
    event.preventDefault();
    dialog.querySelector("#confirm-text").textContent = event.detail.question;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && event.detail.issueRequest(true), {
      once: true,
    });
    dialog.showModal();
  });
})();
