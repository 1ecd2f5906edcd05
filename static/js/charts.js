/* Charts from a JSON description beside them, in the colours and the type of the page; drawn anew when the theme changes. */
"use strict";

(function () {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const drawn = [];

  function dataset(series, place, spec) {
    const colour = token(series.colour || "info");
    return {
      label: series.label,
      data: series.values,
      backgroundColor: spec.kind === "line" ? "transparent" : colour,
      borderColor: spec.kind === "line" ? colour : token("surface"),
      borderWidth: spec.kind === "line" ? 2 : { top: 1, right: 1, bottom: 0, left: 0 },
      borderDash: series.dashed ? [5, 4] : [],
      pointRadius: spec.kind === "line" && !series.dashed ? 2 : 0,
      maxBarThickness: 44,
      stack: spec.kind === "stacked" ? "all" : undefined,
      tension: 0,
    };
  }

  function options(spec) {
    const ink = token("ink-2");
    const grid = token("line");
    const stacked = spec.kind === "stacked";
    const across = spec.across === true;
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    const written = (value) => (spec.unit ? `${number.format(value)} ${spec.unit}` : number.format(value));
    const figures = {
      stacked,
      beginAtZero: true,
      grid: { color: grid },
      border: { display: false },
      ticks: { color: ink, maxTicksLimit: 6, callback: (value) => written(value) },
    };
    const names = { stacked, grid: { display: false }, border: { color: grid }, ticks: { color: ink, autoSkipPadding: 12 } };
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: across ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: across ? "y" : "x" },
      onClick: (event, hits) => {
        const address = hits.length && spec.links?.[hits[0].index];
        if (address) window.location.assign(address);
      },
      onHover: (event, hits) => {
        event.native.target.style.cursor = hits.length && spec.links?.[hits[0].index] ? "pointer" : "default";
      },
      scales: across ? { x: figures, y: names } : { x: names, y: figures },
      plugins: {
        legend: { display: spec.legend !== false, position: "bottom", labels: { color: ink, boxWidth: 12, boxHeight: 12 } },
        tooltip: { callbacks: { label: (item) => ` ${item.dataset.label}: ${written(across ? item.parsed.x : item.parsed.y)}` } },
      },
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || !window.Chart) return;
    const spec = JSON.parse(source.textContent);
    window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    window.Chart.defaults.font.size = 12;
    drawn.push(
      new window.Chart(canvas, {
        type: spec.kind === "line" ? "line" : "bar",
        data: { labels: spec.labels, datasets: spec.series.map((series, place) => dataset(series, place, spec)) },
        options: options(spec),
      }),
    );
  }

  function drawAll() {
    drawn.splice(0).forEach((chart) => chart.destroy());
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }

  drawAll();
  document.addEventListener("fieldloop:theme", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
