"use strict";
// The first picture: the classical U, computed; the reader says what comes beyond N = P, and then sees it.

(() => {
  const {Plot, Background, powers, polynomial, P_MAX} = ddlab, N = 15, SIGMA = 0.1, ALEXNET = 61 / 1.2;
  const ratio = Array.from({length: P_MAX}, (_, p) => (p + 1) / N);
  const beyond = ratio.map(value => Math.log(Math.max(value, 1)));
  const SKETCHES = { // of the error beyond the threshold, in powers of ten
    rises: t => 7.4 + 0.5 * t, stays: () => 7.4, falls: t => -0.8 + 8.2 * Math.exp(-2.5 * t),
  };

  function puzzlePanel(root) {
    let curve = null, chosen = null, share = 0; // share: how much of the rest is shown
    const reveal = root.querySelector("[data-reveal]"), reply = root.querySelector("[data-reply]");
    const plot = new Plot(
      root.querySelector("canvas"),
      {
        x: {log: true, low: 1 / N, high: 64, ticks: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], label: "P / N, parameters per example"},
        y: {log: true, low: 3e-3, high: 1e10, ticks: powers(-2, 10, 2)},
      },
      () => {
        if (!curve) return;
        const last = N + Math.round(share * (P_MAX - N)), keep = p => p < last, {box, pen} = plot;
        plot.vertical(1, "P = N", "soft", 0.03);
        plot.vertical(ALEXNET, "AlexNet: 51", "here", 0.03);
        plot.band(ratio, curve.lower, curve.upper, {colour: "test", keep});
        plot.line(ratio, curve.median, {colour: "test", width: 3, keep});
        if (chosen)
          plot.line(ratio, beyond.map(t => 10 ** SKETCHES[chosen](t)), {colour: "prediction", dash: [9, 6], keep: p => p >= N - 1});
        else if (!share) {
          pen.font = "700 84px system-ui, sans-serif";
          pen.textAlign = "center";
          pen.textBaseline = "middle";
          pen.fillStyle = plot.colour("prediction");
          pen.fillText("?", (plot.x(1) + plot.x(ALEXNET)) / 2, (box.top + box.bottom) / 2);
        }
        plot.text("the textbook's U", plot.x(0.085), plot.y(12), "left", "test");
        if (share === 1) plot.text("the second descent", plot.x(2.7), plot.y(4e3), "left", "test");
      },
    );
    new Background(1).ask("polynomialFits", [N, 0, ddlab.BEND], fits => {
      curve = polynomial.curveAt(fits, SIGMA);
      plot.refresh();
    });
    const choices = root.querySelectorAll("[data-choice]");
    choices.forEach(button =>
      button.addEventListener("click", () => {
        chosen = button.dataset.choice;
        choices.forEach(other => other.setAttribute("aria-pressed", other === button));
        reveal.disabled = false;
        plot.refresh();
      }));
    reveal.addEventListener("click", () => {
      const start = performance.now(), time = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 1600;
      const step = now => {
        share = time ? Math.min((now - start) / time, 1) : 1;
        plot.refresh();
        if (share < 1) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
      reply.textContent =
        `${chosen === "falls" ? "You said it" : "Hardly anybody expects it"}: past P = N the error falls again. It falls, ` +
        "rises, and falls: double descent. Here it ends above the bottom of the U; in the next picture, below.";
    });
  }

  Object.assign(ddlab, {puzzlePanel});
})();
