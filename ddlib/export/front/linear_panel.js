"use strict";
// Linear regression along N, beside the exact theory; and the same with a ridge penalty.

(() => {
  const {Plot, Background, shown, powers, make, slider, button, table, linear, expectedRisk} = ddlab;
  const N_MAX = 100, grid = Array.from({length: N_MAX}, (_, n) => n + 1);
  const xAxis = {log: true, low: 1, high: N_MAX, ticks: [1, 2, 5, 10, 20, 50, 100], label: "N, training examples"};

  function linearPanel(root) {
    const state = {N: 30, D: 30, sigma: 0.5, r: 1, seed: 0}, background = new Background();
    let fits = null, curve = null, theory = null;
    const nothing = () => state.r ** 2 + state.sigma ** 2;
    const plot = new Plot(
      root.querySelector("canvas"),
      {x: xAxis, y: {log: true, low: 0.05, high: 300, ticks: powers(-1, 2)}},
      () => {
        if (!fits) return;
        plot.band(grid, curve.lower, curve.upper, {colour: "test"});
        plot.vertical(fits.D, `N = P = ${fits.D}`);
        plot.horizontal(nothing(), "always saying 0");
        plot.line(grid, curve.median, {colour: "test"});
        plot.line(grid, theory, {colour: "theory", dash: [9, 3, 2, 3], width: 2});
        plot.here(state.N, curve.median[state.N - 1]);
      },
    );
    const readout = root.querySelector("[role=status]");
    function tell() {
      const {N} = state, {D} = fits, now = curve.median[N - 1];
      let best = 0;
      for (let n = 0; n < N; n++) if (curve.median[n] < curve.median[best]) best = n;
      const mean = theory[N - 1];
      readout.textContent =
        `N = ${N}, P = D = ${D}. Test error: median ${shown(now)}, middle half ${shown(curve.lower[N - 1])} to ` +
        `${shown(curve.upper[N - 1])}; exact mean ${shown(mean)}; always saying 0: ${shown(nothing())}.`;
      if (curve.median[best] < 0.99 * now)
        make(readout, "b", {}, ` More data hurt: the first ${best ? best + 1 : "one"} of these examples gave ${shown(curve.median[best])}.`);
    }
    const retable = table(
      root.querySelector("details"),
      ["N", "lower quartile", "median", "upper quartile", "exact mean"],
      () => grid.map((N, n) => [N, ...[curve.lower, curve.median, curve.upper, theory].map(part => shown(part[n]))]),
    );
    function reweigh() { // another sigma or r
      if (!fits) return;
      curve = linear.curveAt(fits, state.sigma, state.r);
      theory = grid.map(N => expectedRisk(N, fits.D, state.sigma, state.r) + state.sigma ** 2);
      move();
    }
    function move() {
      if (!fits) return;
      plot.refresh();
      tell();
      retable();
    }
    const refit = () =>
      background.ask("linearFits", [N_MAX, state.D, state.seed], found => {
        fits = found;
        reweigh();
      });
    const changed = name => (name === "N" ? move : name === "D" ? refit : reweigh)();
    const controls = root.querySelector(".controls");
    slider(controls, state, "N", {words: "training examples", low: 1, high: N_MAX}, changed);
    slider(controls, state, "D", {words: "features, all fitted", low: 5, high: 40}, changed);
    slider(controls, state, "sigma", {words: "noise", low: 0, high: 1, step: 0.05, show: s => s.toFixed(2)}, changed);
    slider(controls, state, "r", {words: "size of the truth", low: 0, high: 3, step: 0.1, show: s => s.toFixed(1)}, changed);
    button(make(controls, "div", {className: "row"}), "Redraw the data", () => {
      state.seed++;
      refit();
    });
    refit();
  }

  // lam = 0 and a slider's lam, one over the other; the best lam at N = D is sigma^2 / r^2.
  function ridgePanel(root) {
    const D = 30, SIGMA = 0.5, state = {lam: 0}, N_TO = 90, background = new Background(), bare = new Background(1);
    const lams = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10], steps = {lam: 8};
    state.lam = lams[steps.lam];
    const along = grid.slice(0, N_TO);
    let without = null, curve = null;
    const plot = new Plot(
      root.querySelector("canvas"),
      {
        x: {low: 0, high: N_TO, ticks: [0, 15, 30, 45, 60, 75, 90], label: "N, training examples"},
        y: {log: true, low: 0.1, high: 100, ticks: powers(-1, 2)},
      },
      () => {
        plot.vertical(D, `N = P = ${D}`, "soft", 0.9);
        plot.horizontal(1 + SIGMA ** 2, "always saying 0", "truth", true);
        if (without) plot.line(along, without.median, {colour: "test", dash: [3, 4], width: 1.8, alpha: state.lam ? 0.8 : 0});
        if (!curve) return;
        plot.band(along, curve.lower, curve.upper, {colour: "test"});
        plot.line(along, curve.median, {colour: "test", width: 3});
      },
    );
    const readout = root.querySelector("[role=status]");
    // how many times larger the median has ever grown as examples were added
    const harm = ({median}) => {
      let best = Infinity, worst = 1;
      for (const value of median) {
        best = Math.min(best, value);
        worst = Math.max(worst, value / best);
      }
      return worst;
    };
    const tell = () => {
      const cost = harm(curve);
      readout.textContent = `lam = ${state.lam}: median error ${shown(curve.median[D - 1])} at N = P. `;
      make(readout, "b", {}, cost > 1.05 ? `More data made it up to ${shown(cost)} times worse.` : "More data never hurt.");
      retable();
    };
    const retable = table(
      root.querySelector("details"),
      ["N", "no penalty, median", "lower quartile", "median", "upper quartile"],
      () => along.map((N, n) => [N, ...[without.median, curve.lower, curve.median, curve.upper].map(part => shown(part[n]))]),
    );
    const show = found => {
      curve = found;
      plot.refresh();
      tell();
    };
    const changed = () => {
      state.lam = lams[steps.lam];
      if (!state.lam) show(without);
      else background.ask("ridgeCurve", [N_TO, D, SIGMA, state.lam, 0], show);
    };
    const move = slider(root.querySelector(".controls"), steps, "lam",
      {words: "penalty", low: 0, high: lams.length - 1, show: k => String(lams[k])}, changed);
    for (const [words, step] of [["none", 0], ["a little", 5], ["the best at N = P", 8], ["too much", 13]])
      button(root.querySelector(".tries"), words, () => {
        move(step);
        changed();
      });
    bare.ask("linearFits", [N_TO, D, 0], fits => {
      without = linear.curveAt(fits, SIGMA, 1);
      changed();
    });
  }

  Object.assign(ddlab, {linearPanel, ridgePanel});
})();
