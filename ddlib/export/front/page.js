"use strict";
// Starts the panels; the others wait until they are nearly in view, so that the first is there at once.

(() => {
  const start = {
    puzzle: ddlab.puzzlePanel,
    polynomial: root => ddlab.peakQuestion(document.querySelector("[data-question]"), ddlab.polynomialPanel(root)),
    linear: ddlab.linearPanel,
    why: ddlab.whyPanel,
    ridge: ddlab.ridgePanel,
  };
  const near = new IntersectionObserver(entries => {
    for (const {target, isIntersecting} of entries)
      if (isIntersecting) {
        near.unobserve(target);
        start[target.dataset.panel](target);
      }
  }, {rootMargin: "600px"});
  document.querySelectorAll("[data-panel]").forEach(panel => near.observe(panel));
})();
