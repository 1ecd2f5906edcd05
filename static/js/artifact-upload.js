/* Sends a file by tus, and says how far it is; a lost connection or a closed page costs nothing that was sent. */
"use strict";

(function () {
  const form = document.getElementById("artifact-upload");
  if (!form || !window.tus) return;
  const { endpoint, done, choose, again, finishing, resumed, sent } = form.dataset;
  const state = form.querySelector(".upload-state");
  const bar = state.querySelector("progress");
  const told = state.querySelector("[data-state]");
  const wrong = form.querySelector("[data-error]");
  const buttons = Object.fromEntries(["send", "pause", "resume"].map((name) => [name, form.querySelector(`[data-${name}]`)]));
  let upload = null;
  let from = null;

  const headers = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  function bytes(count) {
    const unit = count >= 1e9 ? [1e9, "GB"] : count >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
    return `${number.format(count / unit[0])} ${unit[1]}`;
  }

  function show(running) {
    state.hidden = !upload;
    buttons.send.hidden = Boolean(upload);
    buttons.pause.hidden = !running;
    buttons.resume.hidden = running || !upload;
    for (const field of form.elements) if (field.tagName === "INPUT") field.disabled = Boolean(upload);
  }

  function fail(text) {
    wrong.hidden = !text;
    wrong.querySelector("p").textContent = text;
  }

  function refused(error) {
    try {
      return JSON.parse(error.originalResponse.getBody()).detail;
    } catch (other) {
      return again;
    }
  }

  function progress(count, size) {
    from ??= { count, at: performance.now() };
    bar.value = Math.floor((1000 * count) / size);
    const seconds = (performance.now() - from.at) / 1000;
    const speed = seconds > 0.5 ? (count - from.count) / seconds : 0;
    const values = { sent: bytes(count), size: bytes(size), speed: bytes(speed) };
    told.textContent = count === size ? finishing : sent.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  }

  async function begin(file, hardware) {
    const sha256 = form.elements.sha256.value.trim();
    upload = new window.tus.Upload(file, {
      endpoint,
      headers: headers(),
      metadata: { filename: file.name, hardware: hardware.join(","), ...(sha256 ? { sha256 } : {}) },
      chunkSize: 64 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["fieldloop", endpoint, file.name, file.size, file.lastModified, hardware.join(",")].join("|"),
      onProgress: progress,
      onShouldRetry: (error) => {
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
        const retry = status === 0 || status >= 500;
        if (retry) told.textContent = again;
        return retry;
      },
      onSuccess: () => window.location.assign(done),
      onError: (error) => {
        fail(refused(error));
        upload = null;
        from = null;
        show(false);
      },
    });
    const [previous] = await upload.findPreviousUploads();
    if (previous) {
      upload.resumeFromPreviousUpload(previous);
      told.textContent = resumed;
    }
    show(true);
    upload.start();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    const hardware = [...form.querySelectorAll("[name=hardware]:checked")].map((box) => box.value);
    fail(file && hardware.length ? "" : choose);
    if (file && hardware.length) begin(file, hardware);
  });
  buttons.pause.addEventListener("click", async () => {
    await upload.abort();
    show(false);
  });
  buttons.resume.addEventListener("click", () => {
    from = null;
    show(true);
    upload.start();
  });
})();
