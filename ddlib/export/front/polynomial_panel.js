"use strict";
// One polynomial fit and the whole error curve, linked: N is computed in the worker, P and sigma in the next frame.

(() => {
  const {Plot, Background, shown, powers, make, slider, choice, button, table, polynomial, P_MAX} = ddlab;
  const grid = Array.from({length: P_MAX}, (_, p) => p + 1);
  const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];
  const AXES = { // more parameters are always further right
    "P": {label: "P, fitted parameters", low: 1, high: 200, value: (N, P) => P},
    "P/N": {label: "P / N, parameters per example", low: 1 / 40, high: 40, value: (N, P) => P / N},
    "N/P": {label: "N / P, examples per parameter", low: 40, high: 1 / 40, value: (N, P) => N / P},
  };

  const regime = (N, P) =>
    P === N ? "interpolation threshold" : P < N ? "under-parameterised" : "over-parameterised";

  function polynomialPanel(root) {
    const state = {N: 15, P: 15, sigma: 0, axis: "P", seed: 0}, background = new Background();
    let fits = null, curve = null, train = null, axis = AXES.P;
    const x = Array.from({length: 601}, (_, k) => -1 + k / 300), columns = ddlab.legendre(x, P_MAX);
    const target = x.map(value => ddlab.truth(value, ddlab.WAVE));

    const fit = new Plot(
      root.querySelector("[data-plot=fit]"),
      {
        x: {low: -1.03, high: 1.03, ticks: [-1, -0.5, 0, 0.5, 1], label: "x"},
        y: {low: -4.2, high: 4.2, ticks: [-4, -2, 0, 2, 4]},
      },
      plot => {
        plot.line(x, target, {colour: "truth", width: 1.8, dash: [2, 3]});
        if (!fits) return;
        const {P, sigma} = state, at = 2 * (P - 1) * P_MAX, values = new Float64Array(x.length);
        for (let k = 0; k < P; k++) {
          const beta = fits.betas[at + k] + sigma * fits.betas[at + P_MAX + k], start = k * x.length;
          for (let g = 0; g < x.length; g++) values[g] += beta * columns[start + g];
        }
        plot.line(x, values.map(value => Math.min(Math.max(value, -1e3), 1e3)), {colour: "test"});
        plot.dots(fits.x, fits.clean.map((value, n) => value + sigma * fits.noise[n]), "train", 5);
      },
    );

    const errors = new Plot(
      root.querySelector("[data-plot=curve]"),
      {x: {log: true, ticks, ...AXES.P}, y: {log: true, low: 1e-3, high: 1e9, ticks: powers(-2, 8, 2)}},
      plot => {
        if (!fits) return;
        const places = grid.map(P => axis.value(fits.N, P)), sure = p => fits.trials[p] > 15;
        for (let p = 0; p < P_MAX; p++) { // where most of the thirty fits are rounding error
          if (sure(p)) continue;
          const first = p;
          while (p + 1 < P_MAX && !sure(p + 1)) p++;
          plot.hatch(axis.value(fits.N, first + 0.5), axis.value(fits.N, p + 1.5));
        }
        plot.band(places, curve.lower, curve.upper, {colour: "test", keep: sure});
        plot.vertical(axis.value(fits.N, fits.N), `N = P = ${fits.N}`);
        plot.line(places, train, {colour: "train", dash: [7, 4], width: 2});
        plot.line(places, curve.median, {colour: "test", keep: sure});
        plot.here(axis.value(fits.N, state.P), oneError());
      },
    );
    const oneError = () => polynomial.at(fits.test, state.sigma, 0, state.P - 1) + state.sigma ** 2;

    const readout = root.querySelector("[role=status]");
    function tell() {
      const {P, sigma} = state, {N} = fits;
      readout.replaceChildren();
      make(readout, "b", {}, `${regime(N, P)}: `);
      readout.append(
        `N = ${N}, P = ${P}. This fit: train error ${shown(polynomial.at(fits.train, sigma, 0, P - 1))}, test error ` +
          `${shown(oneError())}. Median test error of 30 training sets: ${shown(curve.median[P - 1])}.`,
      );
      const doubtful = [!fits.trusted[P - 1] && "this fit is", fits.trials[P - 1] <= 15 && "most of the thirty are"].filter(Boolean);
      if (doubtful.length)
        make(readout, "b", {}, ` Double precision ends here: ${doubtful.join(", and ")} mostly rounding error, not to be believed.`);
    }

    const retable = table(
      root.querySelector("details"),
      ["P", "lower quartile", "median", "upper quartile", "train, median", "beyond double precision"],
      () => grid.map((P, p) => [
        P, ...[curve.lower, curve.median, curve.upper, train].map(part => shown(part[p])), `${30 - fits.trials[p]} of 30`,
      ]),
    );

    function redraw() { // everything but the fits themselves: they stay
      if (!fits) return;
      fit.refresh();
      errors.refresh();
      tell();
      retable();
    }

    function reweigh() { // another sigma
      if (!fits) return;
      curve = polynomial.curveAt(fits, state.sigma);
      train = polynomial.trainAt(fits, state.sigma);
      redraw();
    }

    function refit() { // another N or seed: the worker's
      background.ask("polynomialFits", [state.N, state.seed], found => {
        fits = found;
        reweigh();
        root.dispatchEvent(new CustomEvent("fitted", {detail: {N: fits.N}}));
      });
    }

    const changed = name => {
      if (name === "sigma") reweigh();
      else if (name === "P") redraw();
      else if (name === "axis") {
        axis = AXES[state.axis];
        Object.assign(errors.axes.x, axis);
        redraw();
      } else refit();
    };

    const controls = root.querySelector(".controls");
    const move = {
      N: slider(controls, state, "N", {words: "training examples", low: 5, high: 40}, changed),
      P: slider(controls, state, "P", {words: "fitted parameters", low: 1, high: 200}, changed),
      sigma: slider(controls, state, "sigma", {words: "noise", low: 0, high: 1, step: 0.05, show: s => s.toFixed(2)}, changed),
    };
    const set = settings => {
      for (const [name, value] of Object.entries(settings)) {
        move[name](value);
        changed(name);
      }
    };
    const rest = make(controls, "div", {className: "row"});
    choice(rest, state, "axis", {words: "axis", values: Object.keys(AXES)}, changed);
    button(rest, "Redraw the data", () => {
      state.seed++;
      refit();
    });
    const tries = root.querySelector(".tries");
    for (const [words, settings] of [
      ["too few", {P: 4}], ["threshold", {P: () => state.N}], ["far beyond", {P: 120}], ["with noise", {P: 40, sigma: 0.5}],
    ])
      button(tries, words, () =>
        set(Object.fromEntries(Object.entries({sigma: 0, ...settings}).map(([k, v]) => [k, typeof v === "function" ? v() : v]))));

    // a finger on the curve is a finger on P
    const follow = event => {
      const at = errors.valueAt(event.clientX - errors.canvas.getBoundingClientRect().left);
      const P = state.axis === "P" ? at : state.axis === "P/N" ? at * state.N : state.N / at;
      set({P: Math.min(Math.max(Math.round(P), 1), P_MAX)});
    };
    errors.canvas.addEventListener("pointerdown", event => {
      errors.canvas.setPointerCapture(event.pointerId);
      follow(event);
    });
    errors.canvas.addEventListener("pointermove", event => event.buttons && follow(event));
    refit();
    return {set, state};
  }

  // "Where is the peak for N = 25?": the answer moves N.
  function peakQuestion(root, lab) {
    const reply = root.querySelector("[data-reply]");
    const words = {
      stay: "No: N = 25 now, and so the peak stands at P = 25. Nothing about 15 was special.",
      follow: "Yes: N = 25 now, and the peak stands at P = 25. It stands where parameters and examples are equally many.",
      gone: "No: N = 25 now, and the peak stands at P = 25, as high as before.",
    };
    root.querySelectorAll("button").forEach(button =>
      button.addEventListener("click", () => {
        root.querySelectorAll("button").forEach(other => other.setAttribute("aria-pressed", other === button));
        reply.textContent = `${words[button.value]} Move N and watch it follow.`;
        lab.set({N: 25, P: 25, sigma: 0});
      }));
  }

  Object.assign(ddlab, {polynomialPanel, peakQuestion});
})();
