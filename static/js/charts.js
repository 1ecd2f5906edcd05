/* Charts from a JSON description beside them, in the colours and the type of the page; drawn anew when the theme
   changes. Arrow keys walk through the values, Enter opens what is behind one, PNG takes the picture along. */
"use strict";

(function () {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const below1 = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const drawn = new Map();

  const LINES = ["line", "area"];
  const typeOf = (spec) => (spec.kind === "scatter" ? "scatter" : LINES.includes(spec.kind) ? "line" : "bar");

  /* A value between two gaps is part of no line: it gets a point, and so do all of them where there is room. */
  function pointsOf(series) {
    const { values } = series;
    const usual = !series.dashed && values.length < 60 ? 2 : 0;
    const alone = (at) => (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
    return values.map((value, at) => (alone(at) ? 2.5 : usual));
  }

  function dataset(series, place, spec) {
    const colours = series.colours?.map(token);
    const colour = colours?.[0] ?? token(series.colour || "info");
    const line = spec.kind === "line";
    const area = spec.kind === "area";
    const scatter = spec.kind === "scatter";
    return {
      label: series.label,
      data: scatter ? series.values.map((value, at) => ({ x: spec.labels[at], y: value })) : series.values,
      backgroundColor: line ? "transparent" : scatter ? `${colour}b0` : (colours ?? colour),
      borderColor: line ? colour : scatter ? "transparent" : token("surface"),
      borderWidth: line ? 2 : area ? 1 : scatter ? 0 : { top: 1, right: 1, bottom: 0, left: 0 },
      borderDash: series.dashed ? [5, 4] : [],
      pointBackgroundColor: line ? colour : undefined,
      pointRadius: scatter ? 4 : line ? pointsOf(series) : 0,
      pointHoverRadius: scatter ? 7 : 4,
      // Between the bounds that its bars are named by nothing is left out.
      ...(spec.edges ? { barPercentage: 1, categoryPercentage: 1 } : { maxBarThickness: 44 }),
      fill: area ? (place ? "-1" : "origin") : false,
      stack: spec.kind === "stacked" || area ? "all" : undefined,
      clip: scatter ? 8 : undefined,
      spanGaps: false,
      tension: 0,
    };
  }

  function written(spec, value) {
    const said = (Math.abs(value) < 1 ? below1 : number).format(value);
    return spec.unit ? `${said} ${spec.unit}` : said;
  }

  /* A day of the report's zone, written as the page writes days. */
  function day(spec, at) {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: spec.zone, year: "numeric", month: "numeric", day: "numeric" });
    const found = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
    return `${Number(found.day)} ${spec.months[found.month - 1]} ${found.year}`;
  }

  /* Whole days as far apart as their names have room; at noon, so that an hour of summer time makes no other day. */
  const DAY = 86_400_000;
  const STEPS = [1, 2, 7, 14, 28, 56, 91, 182, 364];

  function dayTicks(spec, width) {
    const days = Math.round((spec.until - spec.from) / DAY);
    const most = Math.max(2, Math.floor(width / 110));
    const step = STEPS.find((one) => days / one <= most) ?? Math.ceil(days / most);
    const found = [];
    for (let at = spec.from + DAY / 2; at < spec.until; at += step * DAY) found.push({ value: at });
    return found;
  }

  /* Level lines are named in the margin, where no value lies; on a narrow picture by their names alone. */
  const NARROW = 480;
  const LEVEL_FONT = "600 11px ";

  function levelText(spec, one, width) {
    return width < NARROW ? one.label : `${one.label} ${written(spec, one.value)}`;
  }

  function marginFor(spec, width) {
    const context = document.createElement("canvas").getContext("2d");
    context.font = LEVEL_FONT + window.Chart.defaults.font.family;
    const widths = (spec.levels ?? []).map((one) => context.measureText(levelText(spec, one, width)).width);
    return widths.length ? Math.max(...widths) + 8 : 0;
  }

  /* Bars go across where they are told to, and where each of them needs its name and there is no room side by side. */
  function isAcross(spec, width) {
    if (spec.across || !spec.names) return spec.across === true;
    const context = document.createElement("canvas").getContext("2d");
    context.font = `12px ${window.Chart.defaults.font.family}`;
    const widest = Math.max(...spec.labels.map((one) => context.measureText(one).width));
    return (widest + 12) * spec.labels.length > width - 60;
  }

  /* Bars that follow each other are named by the bounds between them, not each by its range: by as many as have room. */
  function edgeTicks(spec, width) {
    const context = document.createElement("canvas").getContext("2d");
    context.font = `12px ${window.Chart.defaults.font.family}`;
    const halves = spec.edges.map((one) => context.measureText(one).width / 2);
    const bar = width / spec.edges.length;
    const apart = (one, other) => (other - one) * bar >= halves[one] + halves[other] + 10;
    const last = spec.edges.length - 1;
    for (let step = 1; step <= last; step += 1) {
      const places = spec.edges.map((_, at) => at).filter((at) => at < last && at % step === 0);
      if (!places.every((at, place) => !place || apart(places[place - 1], at))) continue;
      // Where the last bar begins is always said: it holds all that is longer.
      return [...places.filter((at) => apart(at, last)), last].map((value) => ({ value }));
    }
    return [{ value: last }];
  }

  function edgesOf(spec, along) {
    return {
      axis: "x",
      type: "linear",
      position: "bottom",
      min: 0,
      max: spec.edges.length,
      offset: false,
      border: along.border,
      grid: { offset: false, drawOnChartArea: false, color: along.border.color },
      ticks: { color: along.ticks.color, autoSkip: false, maxRotation: 0, callback: (value) => spec.edges[value] },
      afterBuildTicks: (axis) => (axis.ticks = edgeTicks(spec, axis.width)),
    };
  }

  /* A long name beside a bar takes as many lines as the bar has room for, and less than half of the picture. */
  function inLines(text, chart) {
    const most = Math.max(16, Math.floor(chart.width / 15));
    const room = Math.max(1, Math.floor((chart.height * 0.85) / chart.data.labels.length / 13));
    const found = [""];
    for (const word of String(text).split(" ")) {
      const longer = `${found.at(-1)} ${word}`.trim();
      if (longer.length <= most || !found.at(-1)) found[found.length - 1] = longer;
      else found.push(word);
    }
    if (found.length > room) found.splice(room - 1, found.length, `${found[room - 1]}…`);
    return found.length > 1 ? found : found[0];
  }

  /* The percentile lines from edge to edge, told apart by their names and not by colours. */
  const levels = {
    id: "levels",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales, options: { spec } } = chart;
      ctx.save();
      ctx.font = LEVEL_FONT + window.Chart.defaults.font.family;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.setLineDash([6, 4]);
      ctx.strokeStyle = token("ink-2");
      ctx.fillStyle = token("ink");
      let above = Infinity;
      [...(spec.levels ?? [])].sort((one, other) => one.value - other.value).forEach((one) => {
        const y = scales.y.getPixelForValue(one.value);
        ctx.beginPath();
        ctx.moveTo(chartArea.left, y);
        ctx.lineTo(chartArea.right, y);
        ctx.stroke();
        // Names of levels that lie close to each other stand one above the other.
        above = Math.min(y, above - 13);
        ctx.fillText(levelText(spec, one, chart.width), chartArea.right + 5, above);
      });
      ctx.restore();
    },
  };

  /* The legend of lines: each as it is drawn. */
  function asLines(chart) {
    const found = window.Chart.defaults.plugins.legend.labels.generateLabels(chart);
    return found.map((one) => {
      const { borderColor, borderDash } = chart.data.datasets[one.datasetIndex];
      return { ...one, strokeStyle: borderColor, lineDash: borderDash, lineWidth: 2 };
    });
  }

  /* Charts side by side share the end of their scale, a round number: by itself each would choose one that fits it. */
  function sharedEnd(spec) {
    if (!spec.most) return undefined;
    const part = spec.most / 5;
    const power = 10 ** Math.floor(Math.log10(part));
    const step = Math.max([1, 2, 5, 10].find((one) => one * power >= part) * power, spec.unit ? 0 : 1);
    return Math.ceil(spec.most / step) * step;
  }

  function options(spec, width) {
    const ink = token("ink-2");
    const grid = token("line");
    const stacked = spec.kind === "stacked" || spec.kind === "area";
    const across = isAcross(spec, width);
    const scatter = spec.kind === "scatter";
    const figures = {
      stacked,
      beginAtZero: true,
      max: sharedEnd(spec),
      suggestedMax: Math.max(0, ...(spec.levels ?? []).map((one) => one.value * 1.08)) || undefined,
      grid: { color: grid },
      border: { display: false },
      ticks: { color: ink, maxTicksLimit: 6, precision: spec.unit ? undefined : 0, callback: (value) => written(spec, value) },
    };
    const along = {
      stacked: stacked && !LINES.includes(spec.kind),
      grid: { display: false },
      border: { color: grid },
      ticks: { color: ink, autoSkipPadding: 12, maxRotation: 0 },
    };
    if (across) {
      along.ticks.autoSkip = spec.labels.length > 40;
      along.ticks.callback = function (value) {
        return inLines(this.getLabelForValue(value), this.chart);
      };
    }
    if (scatter) {
      Object.assign(along, { type: "linear", min: spec.from, max: spec.until });
      along.afterBuildTicks = (axis) => (axis.ticks = dayTicks(spec, axis.chart.width));
      along.ticks.callback = (value) => day(spec, value);
    }
    const open = (place) => spec.links?.[place] || "";
    return {
      spec,
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      onResize: (chart, size) => {
        if (isAcross(spec, size.width) !== across) window.requestAnimationFrame(() => again(chart));
      },
      layout: { padding: { right: (context) => marginFor(spec, context.chart.width) } },
      indexAxis: across ? "y" : "x",
      interaction: scatter ? { mode: "nearest", intersect: true } : { mode: "index", intersect: false, axis: across ? "y" : "x" },
      onClick: (event, hits) => {
        const address = hits.length && open(hits[0].index);
        if (address) window.location.assign(address);
      },
      onHover: (event, hits) => {
        if (event.native) event.native.target.style.cursor = hits.length && open(hits[0].index) ? "pointer" : "default";
      },
      scales: across
        ? { x: figures, y: along }
        : { x: { ...along, display: !spec.edges }, y: figures, ...(spec.edges && { edges: edgesOf(spec, along) }) },
      plugins: {
        legend: {
          display: spec.series.length > 1,
          position: "bottom",
          reverse: spec.kind === "area",
          labels:
            spec.kind === "line"
              ? { color: ink, usePointStyle: true, pointStyle: "line", pointStyleWidth: 28, generateLabels: asLines }
              : { color: ink, boxWidth: 12, boxHeight: 12 },
        },
        tooltip: {
          callbacks: {
            title: (items) => (scatter && items.length ? day(spec, items[0].parsed.x) : items[0]?.label ?? ""),
            label: (item) => {
              const name = scatter ? open(item.dataIndex).replace("/", "") : item.dataset.label;
              return ` ${name}: ${written(spec, across ? item.parsed.x : item.parsed.y)}`;
            },
          },
        },
      },
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || !window.Chart) return;
    const spec = JSON.parse(source.textContent);
    window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    window.Chart.defaults.font.size = 12;
    const sets = spec.series.map((series, place) => dataset(series, place, spec));
    drawn.set(
      canvas.dataset.chart,
      new window.Chart(canvas, {
        type: typeOf(spec),
        data: { labels: spec.kind === "scatter" ? undefined : spec.labels, datasets: sets },
        options: options(spec, canvas.parentElement.clientWidth),
        plugins: [levels],
      }),
    );
  }

  function again(chart) {
    const { canvas } = chart;
    if (!canvas || drawn.get(canvas.dataset.chart) !== chart) return;
    chart.destroy();
    draw(canvas);
  }

  function drawAll() {
    drawn.forEach((chart) => chart.destroy());
    drawn.clear();
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }

  /* --- by keyboard --- */

  function walk(chart, step) {
    const count = chart.data.datasets[0]?.data.length ?? 0;
    if (!count) return;
    const before = chart.walkedTo;
    const place = before === undefined ? (step > 0 ? 0 : count - 1) : (before + step + count) % count;
    chart.walkedTo = place;
    const active = chart.data.datasets.map((set, datasetIndex) => ({ datasetIndex, index: place }));
    const at = chart.getDatasetMeta(0).data[place];
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: at?.x ?? 0, y: at?.y ?? 0 });
    chart.update("none");
  }

  document.addEventListener("keydown", (event) => {
    const chart = drawn.get(event.target.dataset?.chart);
    if (!chart) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) walk(chart, step);
    else if (event.key === "Enter" && chart.walkedTo !== undefined) {
      const address = chart.options.spec.links?.[chart.walkedTo];
      if (address) window.location.assign(address);
    } else return;
    event.preventDefault();
  });

  /* --- as a picture: with its title, the filters, as of, the definition and n --- */

  function lines(context, text, width) {
    const found = [""];
    text.split(/\s+/).forEach((word) => {
      const longer = `${found.at(-1)} ${word}`.trim();
      if (context.measureText(longer).width <= width) found[found.length - 1] = longer;
      else found.push(word);
    });
    return found;
  }

  function picture(canvas) {
    const section = canvas.closest("section");
    const title = section.getAttribute("aria-label");
    // Of two reports side by side each has its own filters and n.
    const side = section.dataset.beside === undefined ? "" : "beside";
    const told = document.querySelector(`[data-colophon="${side}"]`)?.textContent.replace(/\s+/g, " ").trim() ?? "";
    const ratio = canvas.width / canvas.clientWidth || 1;
    const edge = 16 * ratio;
    const made = document.createElement("canvas");
    const context = made.getContext("2d");
    const family = window.Chart.defaults.font.family;
    made.width = canvas.width + 2 * edge;
    context.font = `${11 * ratio}px ${family}`;
    const small = lines(context, told, canvas.width);
    made.height = canvas.height + 4 * edge + small.length * 15 * ratio;
    context.fillStyle = token("surface");
    context.fillRect(0, 0, made.width, made.height);
    context.fillStyle = token("ink");
    context.font = `600 ${15 * ratio}px ${family}`;
    context.fillText(title, edge, 1.6 * edge);
    context.drawImage(canvas, edge, 2.4 * edge);
    context.fillStyle = token("ink-2");
    context.font = `${11 * ratio}px ${family}`;
    small.forEach((line, place) => context.fillText(line, edge, canvas.height + 3.4 * edge + place * 15 * ratio));
    return made;
  }

  document.querySelectorAll("button[data-png]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const canvas = document.querySelector(`canvas[data-chart="${button.dataset.png}"]`);
      picture(canvas).toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = `${document.querySelector("[data-report]")?.dataset.report ?? "report"}-${button.dataset.png.replace("chart-", "")}.png`;
        link.click();
        URL.revokeObjectURL(link.href);
      }, "image/png");
    });
  });

  /* --- on paper: in the colours of paper, and with every table open --- */

  const closed = [];
  const root = document.documentElement;
  let theme;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    root.dataset.printing = "";
    document.querySelectorAll("details.behind:not([open])").forEach((one) => {
      closed.push(one);
      one.open = true;
    });
    drawAll();
  });
  window.addEventListener("afterprint", () => {
    closed.splice(0).forEach((one) => (one.open = false));
    delete root.dataset.printing;
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
    drawAll();
  });

  drawAll();
  document.addEventListener("fieldloop:theme", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
