"use strict";
// Why just there: two parameters, so that every example is a strip of fits that agree with it, drawn in the plane of beta.

(() => {
  const {Plot, shown, make, slider, button} = ddlab, BETA = [0.6, 0.4], SIGMA = 0.5, CLOUD = 240;
  // the others look into directions of their own; all are of length 1
  const LATER = [100, 55, 150, 80].map(degrees => degrees * Math.PI / 180);

  function whyPanel(root) {
    const state = {N: 2, angle: 10, seed: 0};
    let noise = null;
    function draw() { // unit noise of many training sets: it stays while N and the angle move
      const rng = new ddlab.Generator(state.seed, 0);
      noise = Array.from({length: CLOUD}, () => Array.from({length: 2 + LATER.length}, () => rng.normal()));
    }
    const rows = () => {
      const second = state.angle * Math.PI / 180;
      return [0, second, ...LATER].slice(0, state.N).map(turn => [Math.cos(turn + 1.4), Math.sin(turn + 1.4)]);
    };
    // the minimum-norm least-squares fit of two parameters
    function fit(X, y) {
      if (X.length === 1) return [X[0][0] * y[0], X[0][1] * y[0]];
      let [a, b, c, p, q] = [0, 0, 0, 0, 0];
      X.forEach(([u, v], n) => {
        a += u * u; b += u * v; c += v * v; p += u * y[n]; q += v * y[n];
      });
      const determinant = a * c - b * b;
      return [(c * p - b * q) / determinant, (a * q - b * p) / determinant];
    }
    const targets = (X, e) => X.map(([u, v], n) => u * BETA[0] + v * BETA[1] + SIGMA * e[n]);
    // expected squared distance of the fit from the truth: sigma^2 trace (X'X)^-1, and for N = 1 what is not seen
    function expected(X) {
      if (X.length === 1) {
        const [u, v] = X[0];
        return (BETA[0] * v - BETA[1] * u) ** 2 + SIGMA ** 2;
      }
      const [a, b, c] = X.reduce(([a, b, c], [u, v]) => [a + u * u, b + u * v, c + v * v], [0, 0, 0]);
      return SIGMA ** 2 * (a + c) / (a * c - b * b);
    }
    const plot = new Plot(
      root.querySelector("canvas"),
      {x: {low: -5, high: 5, ticks: [-6, -4, -2, 0, 2, 4, 6], label: "first parameter"}, y: {low: -4, high: 4, ticks: [-4, -2, 0, 2, 4]}},
      () => {
        const {pen, box, canvas} = plot, X = rows();
        const scale = canvas.clientWidth < 560 ? 4 : 6; // square units, at any width
        const half = scale * (box.bottom - box.top) / (box.right - box.left);
        Object.assign(plot.axes.y, {low: BETA[1] - half, high: BETA[1] + half}); // the truth in the middle
        Object.assign(plot.axes.x, {low: -scale, high: scale});
        for (const [u, v] of X) { // u b1 + v b2 = y, give or take the noise
          const y = u * BETA[0] + v * BETA[1], far = 30;
          const corner = (along, off) => [plot.x(u * (y + off) - v * along), plot.y(v * (y + off) + u * along)];
          pen.beginPath();
          for (const [along, off] of [[-far, -SIGMA], [far, -SIGMA], [far, SIGMA], [-far, SIGMA]]) pen.lineTo(...corner(along, off));
          pen.closePath();
          pen.globalAlpha = 0.14;
          pen.fillStyle = plot.colour("train");
          pen.fill();
          pen.beginPath();
          pen.moveTo(...corner(-far, 0));
          pen.lineTo(...corner(far, 0));
          plot.stroke("train", 1.6, [], 0.9);
        }
        const cloud = noise.map(e => fit(X, targets(X, e)));
        plot.dots(cloud.map(b => b[0]), cloud.map(b => b[1]), "test", 2.4, 0.7);
        plot.text("second parameter", box.left + 6, box.top + 10, "left", "ink");
        plot.here(...BETA);
      },
    );
    const readout = root.querySelector("[role=status]");
    function tell() {
      const {N, angle} = state;
      readout.replaceChildren();
      make(readout, "b", {}, `N = ${N}, P = 2: `);
      readout.append(
        {1: "one example. Of all fits on its line the smallest is taken: a little wrong, never wild. ",
          2: `two examples, ${angle}° apart. The fit must stand where their lines cross. `}[N] ||
        `${N} examples. Between them, every direction has been shown: the fit has nowhere to go. `,
        `Mean squared distance from the truth: ${shown(expected(rows()))}.`,
      );
      plot.refresh();
    }
    draw();
    const controls = root.querySelector(".controls");
    slider(controls, state, "N", {words: "examples", low: 1, high: 2 + LATER.length}, tell);
    slider(controls, state, "angle", {words: "between the first two", low: 3, high: 90, show: a => `${a}°`}, tell);
    button(make(controls, "div", {className: "row"}), "Redraw the noise", () => {
      state.seed++;
      draw();
      tell();
    });
    tell();
  }

  Object.assign(ddlab, {whyPanel});
})();
