"use strict";
// Polynomial regression along P = 1..200: the mathematics of ddlib/curves/polynomial.py, thirty training sets at once.
// y = truth + sigma * noise, so each squared error is a + 2 b sigma + c sigma^2: another sigma refits nothing.

(() => {
  const P_MAX = 200, TRIALS = 30;
  const {CONDITION_LIMIT, whole, real, householder, fineHouseholder, orthonormal, divisor, quartiles} = ddlab;

  // The target 2x + cos(omega x), less its mean if it is `centred`: ddlib's wave and bend.
  const WAVE = {omega: 25, centred: false}, BEND = {omega: 5, centred: true};
  const mean = ({omega, centred}) => (centred ? Math.sin(omega) / omega : 0);
  const truth = (x, target) => 2 * x + Math.cos(target.omega * x) - mean(target);

  // Legendre polynomials of degrees 1 to P (P, N), one degree after the other, by Bonnet's recursion
  function legendre(x, P) {
    const N = x.length, columns = new Float64Array(P * N);
    for (let n = 0; n < N; n++) {
      let before = 1, now = x[n];
      for (let k = 1; k <= P; k++) {
        columns[(k - 1) * N + n] = now;
        [before, now] = [now, ((2 * k + 1) * x[n] * now - k * before) / (k + 1)];
      }
    }
    return columns;
  }

  // Legendre coefficients of the target, degrees 1..200, and the mean square that the first P leave out.
  // cos(omega x) has (2k + 1) (-1)^(k/2) j_k(omega) at even k, j_k the spherical Bessel function, found by
  // recursion downwards (Miller). Source: Abramowitz and Stegun 10.1.47.
  function series(target) {
    const {omega, centred} = target, bessel = new Float64Array(P_MAX + 102);
    bessel[P_MAX + 100] = 1e-300;
    for (let k = P_MAX + 100; k > 0; k--) {
      bessel[k - 1] = (2 * k + 1) / omega * bessel[k] - bessel[k + 1];
      if (Math.abs(bessel[k - 1]) > 1e200) for (let j = k - 1; j < bessel.length; j++) bessel[j] *= 1e-250;
    }
    const scale = Math.abs(bessel[0]) > Math.abs(bessel[1])
      ? Math.sin(omega) / omega / bessel[0]
      : (Math.sin(omega) / omega - Math.cos(omega)) / omega / bessel[1];
    const coefficients = new Float64Array(P_MAX), tail = new Float64Array(P_MAX);
    for (let k = 2; k <= P_MAX; k += 2) coefficients[k - 1] = (2 * k + 1) * (k % 4 ? -1 : 1) * bessel[k] * scale;
    coefficients[0] = 2;
    tail[P_MAX - 1] = centred ? 0 : (bessel[0] * scale) ** 2; // the models have no constant
    for (let P = P_MAX - 1; P > 0; P--) tail[P - 1] = tail[P] + coefficients[P] ** 2 / (2 * P + 3);
    return {coefficients, tail};
  }

  const weight = Float64Array.from({length: P_MAX}, (_, k) => 1 / (2 * k + 3)); // mean square of degree k + 1

  // Every fit of every trial. test and train (3, 30, 200): the coefficients in sigma; trusted (30, 200);
  // of trial 0 also x (N), noise (N) and betas (200, 2, 200), those of the truth and of the unit noise for every P.
  function polynomialFits(N, seed, target = WAVE) {
    whole("N", N, 1, P_MAX);
    whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
    const ideal = series(target), size = TRIALS * P_MAX;
    const fits = {N, seed, test: new Float64Array(3 * size), train: new Float64Array(3 * size), trusted: new Uint8Array(size)};
    for (let t = 0; t < TRIALS; t++) {
      const {x, noise} = ddlab.drawPoints(N, seed, t), clean = x.map(value => truth(value, target));
      const trial = {
        N, X: legendre(x, P_MAX), clean, noise, ideal, at: t * P_MAX, fits,
        betas: t === 0 ? new Float64Array(P_MAX * 2 * P_MAX) : null,
      };
      trial.spectral = spectralNorm(trial.X, N);
      underFits(trial);
      if (N < P_MAX) overFits(trial);
      if (t === 0) Object.assign(fits, {x, noise, clean, betas: trial.betas});
    }
    return fits;
  }

  function store(quadratic, at, a, b, c) {
    const size = TRIALS * P_MAX;
    quadratic[at] = a;
    quadratic[size + at] = b;
    quadratic[2 * size + at] = c;
  }

  // P <= N: with X = QR beta_P is a running sum of columns of R^-1 times Q'y.
  function underFits({N, X, clean, noise, ideal, at, fits, betas, spectral}) {
    const A = new Float64Array(N * (N + 2));
    A.set(X.subarray(0, N * N));
    A.set(clean, N * N);
    A.set(noise, N * (N + 1));
    fineHouseholder(A, N, N + 2, N);
    const fitted = new Float64Array(N), unit = new Float64Array(N), column = new Float64Array(N);
    let pinv = 0;
    for (let p = 0; p < N; p++) {
      const amount = A[N * N + p], amountNoise = A[N * (N + 1) + p];
      column.fill(0);
      column[p] = 1 / divisor(A[p * N + p]);
      for (let j = p; j >= 0; j--) {
        if (j < p) column[j] /= divisor(A[j * N + j]);
        for (let i = 0; i < j; i++) column[i] -= A[j * N + i] * column[j];
      }
      let a = ideal.tail[p], b = 0, c = 0;
      for (let k = 0; k <= p; k++) {
        fitted[k] += column[k] * amount;
        unit[k] += column[k] * amountNoise;
        const gap = fitted[k] - ideal.coefficients[k];
        a += weight[k] * gap * gap;
        b += weight[k] * gap * unit[k];
        c += weight[k] * unit[k] * unit[k];
        pinv += column[k] * column[k];
      }
      store(fits.test, at + p, a, b, c);
      let aLeft = 0, bLeft = 0, cLeft = 0;
      for (let n = N - 1; n > p; n--) { // what y has along the directions that are left
        const left = A[N * N + n], leftNoise = A[N * (N + 1) + n];
        aLeft += left * left;
        bLeft += left * leftNoise;
        cLeft += leftNoise * leftNoise;
      }
      store(fits.train, at + p, aLeft / N, bLeft / N, cLeft / N);
      fits.trusted[at + p] = spectral[p] * Math.sqrt(pinv) < CONDITION_LIMIT;
      if (betas) {
        betas.set(fitted.subarray(0, p + 1), 2 * p * P_MAX);
        betas.set(unit.subarray(0, p + 1), (2 * p + 1) * P_MAX);
      }
    }
  }

  // P > N: with X' = QR, beta = Q g, R'g = y. Each further degree is a row of X', taken into R and Q by Givens
  // rotations, which forget an ill-conditioned start. Of Q, G = Q'WQ and h = Q'W ideal are enough, W the weights.
  function overFits({N, X, clean, noise, ideal, at, fits, betas, spectral}) {
    const A = new Float64Array(N * N); // X', its columns one after the other
    for (let n = 0; n < N; n++) for (let k = 0; k < N; k++) A[n * N + k] = X[k * N + n];
    const start = orthonormal(householder(A, N, N, N), N, N);
    const R = new Float64Array(N * N), G = new Float64Array(N * N), h = new Float64Array(N); // rows; upper triangles
    let energy = 0;
    for (let k = 0; k < N; k++) energy += weight[k] * ideal.coefficients[k] ** 2;
    for (let i = 0; i < N; i++) {
      for (let j = i; j < N; j++) {
        R[i * N + j] = A[j * N + i];
        for (let k = 0; k < N; k++) G[i * N + j] += weight[k] * start[i * N + k] * start[j * N + k];
      }
      for (let k = 0; k < N; k++) h[i] += weight[k] * start[i * N + k] * ideal.coefficients[k];
    }
    let Q = null; // (N + 1, 200), only where the fits themselves are wanted
    if (betas) {
      Q = new Float64Array((N + 1) * P_MAX);
      for (let i = 0; i < N; i++) Q.set(start.subarray(i * N, (i + 1) * N), i * P_MAX);
    }
    const row = new Float64Array(N), last = new Float64Array(N), g = new Float64Array(N), u = new Float64Array(N);
    let whole = 0, sure = false;
    for (const value of X) whole += value * value;
    for (let p = N; p < P_MAX; p++) {
      for (let n = 0; n < N; n++) row[n] = X[p * N + n];
      energy += weight[p] * ideal.coefficients[p] ** 2;
      takeIn(N, R, G, h, row, last, weight[p], weight[p] * ideal.coefficients[p], Q, p);
      solveTransposed(N, R, clean, g);
      solveTransposed(N, R, noise, u);
      let a = energy + ideal.tail[p], b = 0, c = 0;
      for (let i = 0; i < N; i++) {
        let Gg = 0.5 * G[i * N + i] * g[i], Gu = 0.5 * G[i * N + i] * u[i];
        for (let j = i + 1; j < N; j++) {
          Gg += G[i * N + j] * g[j];
          Gu += G[i * N + j] * u[j];
        }
        a += 2 * g[i] * (Gg - h[i]);
        b += g[i] * Gu + u[i] * (Gg - h[i]);
        c += 2 * u[i] * Gu;
      }
      store(fits.test, at + p, a, b, c);
      if (!sure) { // the pseudo-inverse only shrinks as P grows
        const pinv = inverseNorm(N, R);
        fits.trusted[at + p] = spectral[p] * pinv < CONDITION_LIMIT;
        sure = Math.sqrt(whole) * pinv < CONDITION_LIMIT;
      } else fits.trusted[at + p] = 1;
      if (betas)
        for (let i = 0; i < N; i++)
          for (let k = 0; k <= p; k++) {
            betas[2 * p * P_MAX + k] += Q[i * P_MAX + k] * g[i];
            betas[(2 * p + 1) * P_MAX + k] += Q[i * P_MAX + k] * u[i];
          }
    }
  }

  // One more row of X' into R; G, h and Q follow. `last` is the column of G that belongs to the new row.
  function takeIn(N, R, G, h, row, last, corner, foot, Q, p) {
    last.fill(0);
    if (Q) {
      Q.fill(0, N * P_MAX);
      Q[N * P_MAX + p] = 1;
    }
    for (let i = 0; i < N; i++) {
      const head = R[i * N + i], length = Math.sqrt(head * head + row[i] * row[i]);
      if (length === 0) continue;
      const c = head / length, s = row[i] / length;
      R[i * N + i] = length;
      for (let j = i + 1; j < N; j++) {
        const value = R[i * N + j];
        R[i * N + j] = c * value + s * row[j];
        row[j] = c * row[j] - s * value;
      }
      for (let k = 0; k < i; k++) {
        const value = G[k * N + i];
        G[k * N + i] = c * value + s * last[k];
        last[k] = c * last[k] - s * value;
      }
      for (let k = i + 1; k < N; k++) {
        const value = G[i * N + k];
        G[i * N + k] = c * value + s * last[k];
        last[k] = c * last[k] - s * value;
      }
      const middle = G[i * N + i], side = last[i];
      G[i * N + i] = c * c * middle + 2 * c * s * side + s * s * corner;
      last[i] = (c * c - s * s) * side + c * s * (corner - middle);
      corner = s * s * middle - 2 * c * s * side + c * c * corner;
      const value = h[i];
      h[i] = c * value + s * foot;
      foot = c * foot - s * value;
      if (Q)
        for (let k = 0; k <= p; k++) {
          const q = Q[i * P_MAX + k], extra = Q[N * P_MAX + k];
          Q[i * P_MAX + k] = c * q + s * extra;
          Q[N * P_MAX + k] = c * extra - s * q;
        }
    }
  }

  function solveTransposed(N, R, y, g) {
    g.set(y);
    for (let i = 0; i < N; i++) {
      const value = g[i] /= divisor(R[i * N + i]);
      for (let j = i + 1; j < N; j++) g[j] -= R[i * N + j] * value;
    }
  }

  function inverseNorm(N, R) {
    let square = 0;
    const column = new Float64Array(N);
    for (let i = 0; i < N; i++) { // row i of R^-1
      column.fill(0);
      column[i] = 1;
      for (let j = i; j < N; j++) {
        const value = column[j] /= divisor(R[j * N + j]);
        square += value * value;
        for (let k = j + 1; k < N; k++) column[k] -= R[j * N + k] * value;
      }
    }
    return Math.sqrt(square);
  }

  // Largest singular value of the first P columns for every P, within a few per cent: ddlib's power iteration.
  function spectralNorm(X, N) {
    const found = new Float64Array(P_MAX), v = new Float64Array(N), next = new Float64Array(N);
    for (const P of new Set([Math.min(N, P_MAX), P_MAX]))
      for (const first of P > 1 ? [0, 1] : [0]) {
        for (let n = 0; n < N; n++) v[n] = X[first * N + n] + 1e-8;
        for (let turn = 0; turn < 4; turn++) {
          next.fill(0);
          for (let k = 0; k < P; k++) {
            let dot = 0;
            for (let n = 0; n < N; n++) dot += X[k * N + n] * v[n];
            for (let n = 0; n < N; n++) next[n] += dot * X[k * N + n];
          }
          let square = 0;
          for (const value of next) square += value * value;
          for (let n = 0; n < N; n++) v[n] = next[n] / Math.sqrt(square);
        }
        let sum = 0;
        for (let k = 0; k < P_MAX; k++) {
          let dot = 0;
          for (let n = 0; n < N; n++) dot += X[k * N + n] * v[n];
          sum += dot * dot;
          found[k] = Math.max(found[k], sum);
        }
      }
    return found.map(Math.sqrt);
  }

  // The error of one trial t at the P that has index p; rounding can pass below 0.
  function at(quadratic, sigma, t, p) {
    const size = TRIALS * P_MAX, place = t * P_MAX + p;
    return Math.max((quadratic[2 * size + place] * sigma + 2 * quadratic[size + place]) * sigma + quadratic[place], 0);
  }

  // The curve of these fits under one noise level. A point is trusted where each of the thirty fits is: a quartile may
  // be any of them. trials (200) says how many are.
  function curveAt(fits, sigma) {
    const grid = Array.from({length: P_MAX}, (_, p) => p + 1);
    const curve = quartiles(TRIALS, P_MAX, (t, p) => at(fits.test, sigma, t, p) + sigma * sigma);
    fits.trials ??= grid.map((_, p) => {
      let count = 0;
      for (let t = 0; t < TRIALS; t++) count += fits.trusted[t * P_MAX + p];
      return count;
    });
    return {...curve, grid, trusted: fits.trials.map(count => count === TRIALS), trials: fits.trials};
  }

  function trainAt(fits, sigma) { // the medians; from P = N on every example is met
    const medians = new Float64Array(P_MAX);
    medians.set(quartiles(TRIALS, fits.N, (t, p) => at(fits.train, sigma, t, p)).median);
    return medians;
  }

  let latest = null; // another sigma refits nothing

  // Test error of the thirty training sets of polynomial_curve(N, range(1, 201), sigma, seed=seed): grid, median, lower
  // and upper quartile (200), trusted (200), where all of them are, and trials (200), how many.
  function polynomialCurve(N, sigma = 0, seed = 0) {
    real("sigma", sigma);
    if (latest?.N !== N || latest.seed !== seed) latest = polynomialFits(N, seed);
    const {grid, median, lower, upper, trusted, trials} = curveAt(latest, sigma);
    return {grid, median: [...median], lower: [...lower], upper: [...upper], trusted, trials: [...trials]};
  }

  Object.assign(ddlab, {WAVE, BEND, P_MAX, truth, legendre, series, polynomialFits, polynomialCurve});
  ddlab.polynomial = {at, curveAt, trainAt};
})();
