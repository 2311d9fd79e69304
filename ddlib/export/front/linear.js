"use strict";
// Linear regression along N: the mathematics of ddlib/curves/linear.py and ddlib/theory/linear.py, and ridge.

(() => {
  const TRIALS = 50;
  const {CONDITION_LIMIT, whole, real, householder, orthonormal, divisor, quartiles} = ddlab;

  // Every fit of every trial on the first N = 1..N_max examples, (50, N_max) each: missed, of beta with norm 1 and no
  // noise; spread, the squared norm of what the unit noise adds; left, its training error; trusted.
  function linearFits(N_max, D, seed) {
    whole("N", N_max, 1, 1000);
    whole("D", D, 1, 200);
    whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
    const fits = {N_max, D, seed, trusted: new Uint8Array(TRIALS * N_max)};
    for (const name of ["missed", "spread", "left"]) fits[name] = new Float64Array(TRIALS * N_max);
    for (let t = 0; t < TRIALS; t++) {
      const draws = ddlab.drawLinear(N_max, D, seed, t);
      const start = uptoD(fits, t * N_max, draws, Math.min(N_max, D));
      if (N_max > D) beyondD(fits, t * N_max, draws, start);
    }
    return fits;
  }

  // N <= D: with X' = QR each example brings one new direction, a column of Q.
  function uptoD(fits, at, {X, noise, beta}, m) {
    const D = fits.D, A = X.slice(0, m * D), Q = orthonormal(householder(A, D, m, m), D, m);
    const moved = new Float64Array(m), row = new Float64Array(m); // moved = R^-T noise
    let told = 0, spread = 0, pinv = 0;
    for (let n = 0; n < m; n++) {
      let dot = 0, rest = noise[n];
      for (let d = 0; d < D; d++) dot += Q[n * D + d] * beta[d];
      for (let j = 0; j < n; j++) rest -= A[n * D + j] * moved[j];
      moved[n] = rest / divisor(A[n * D + n]);
      told += dot * dot;
      spread += moved[n] * moved[n];
      pinv += columnSquare(A, D, n, row);
      fits.missed[at + n] = n + 1 === D ? 0 : Math.max(1 - told, 0);
      fits.spread[at + n] = spread;
      fits.trusted[at + n] = (Math.sqrt(n + 1) + Math.sqrt(D)) * Math.sqrt(pinv) < CONDITION_LIMIT;
    }
    return {pinv: Math.sqrt(pinv)};
  }

  // Squared length of column n of R^-1, R's columns D apart.
  function columnSquare(R, D, n, column) {
    column.fill(0);
    column[n] = 1;
    let square = 0;
    for (let j = n; j >= 0; j--) {
      const value = column[j] /= divisor(R[j * D + j]);
      square += value * value;
      for (let i = 0; i < j; i++) column[i] -= R[j * D + i] * value;
    }
    return square;
  }

  // N > D: rows of X taken into R (rows D apart) and Q'noise by Givens rotations.
  function beyondD(fits, at, {X, noise}, {pinv}) {
    const {D, N_max} = fits, A = new Float64Array(D * (D + 1)); // the first D rows of X and the noise, by columns
    for (let n = 0; n < D; n++) {
      for (let d = 0; d < D; d++) A[d * D + n] = X[n * D + d];
      A[D * D + n] = noise[n];
    }
    householder(A, D, D + 1, D);
    const R = new Float64Array(D * D), z = A.slice(D * D), row = new Float64Array(D), fit = new Float64Array(D);
    for (let i = 0; i < D; i++) for (let j = i; j < D; j++) R[i * D + j] = A[j * D + i];
    let left = 0;
    for (let n = D; n < N_max; n++) {
      for (let d = 0; d < D; d++) row[d] = X[n * D + d];
      let rest = noise[n];
      for (let i = 0; i < D; i++) {
        const head = R[i * D + i], length = Math.sqrt(head * head + row[i] * row[i]) || 1e-300;
        const c = head / length, s = row[i] / length, value = z[i];
        R[i * D + i] = length;
        for (let j = i + 1; j < D; j++) {
          const before = R[i * D + j];
          R[i * D + j] = c * before + s * row[j];
          row[j] = c * row[j] - s * before;
        }
        z[i] = c * value + s * rest;
        rest = c * rest - s * value;
      }
      left += rest * rest;
      let spread = 0;
      for (let i = D - 1; i >= 0; i--) {
        let sum = z[i];
        for (let j = i + 1; j < D; j++) sum -= R[i * D + j] * fit[j];
        fit[i] = sum / divisor(R[i * D + i]);
        spread += fit[i] * fit[i];
      }
      fits.spread[at + n] = spread;
      fits.left[at + n] = left;
      // the pseudo-inverse only shrinks as N grows: that of N = D is a bound
      fits.trusted[at + n] = (Math.sqrt(n + 1) + Math.sqrt(D)) * pinv < CONDITION_LIMIT || fits.trusted[at + n - 1];
    }
  }

  // The curve of these fits for one noise level and norm of beta, at N = 1..N_max.
  function curveAt(fits, sigma, r) {
    const {N_max} = fits, grid = Array.from({length: N_max}, (_, n) => n + 1);
    const error = (t, n) => r * r * fits.missed[t * N_max + n] + sigma * sigma * (fits.spread[t * N_max + n] + 1);
    const trusted = grid.map((_, n) => {
      let count = 0;
      for (let t = 0; t < TRIALS; t++) count += fits.trusted[t * N_max + n];
      return count === TRIALS;
    });
    return {...quartiles(TRIALS, N_max, error), grid, trusted};
  }

  const trainAt = (fits, sigma) =>
    quartiles(TRIALS, fits.N_max, (t, n) => sigma * sigma * fits.left[t * fits.N_max + n] / (n + 1)).median;

  let latest = null; // another sigma or r refits nothing

  // Test error of the fifty training sets of linear_curve(N, D, sigma, r, seed=seed); N is one number, for the grid
  // 1..N, or the grid itself.
  function linearCurve(N, D, sigma, r = 1, seed = 0) {
    real("sigma", sigma);
    real("r", r);
    const grid = Array.isArray(N) ? N : Array.from({length: whole("N", N, 1, 1000)}, (_, n) => n + 1);
    grid.forEach((value, place) => whole("N", value, place ? grid[place - 1] + 1 : 1, 1000));
    const N_max = grid[grid.length - 1];
    if (latest?.N_max !== N_max || latest.D !== D || latest.seed !== seed) latest = linearFits(N_max, D, seed);
    const curve = curveAt(latest, sigma, r);
    const pick = values => grid.map(value => values[value - 1]);
    return {
      grid: [...grid], median: pick(curve.median), lower: pick(curve.lower), upper: pick(curve.upper), trusted: pick(curve.trusted),
    };
  }

  // Expected excess risk of least squares on N standard normal examples: Belkin, Hsu, Xu (2020), theorem 1.
  function expectedRisk(N, D, sigma, r = 1) {
    const apart = Math.abs(N - D), bias = r * r * Math.max(1 - N / D, 0);
    if (sigma === 0) return bias;
    return apart <= 1 ? Infinity : bias + sigma * sigma * Math.min(N, D) / (apart - 1);
  }

  // Test error of ridge regression, (1/N) ||y - X b||^2 + lam ||b||^2, median and quartiles along N = 1..N_max.
  // lam > 0 bounds the condition number of X'X + N lam, so Cholesky is safe here; the smaller of X'X, XX' is taken.
  function ridgeCurve(N_max, D, sigma, lam, seed = 0, r = 1) {
    whole("N", N_max, 1, 1000);
    whole("D", D, 1, 200);
    real("sigma", sigma);
    if (!(lam >= 1e-6 && lam < 1e100)) throw new RangeError(`lam must be a number, at least 1e-6, got ${lam}`);
    const errors = new Float64Array(TRIALS * N_max), size = Math.min(N_max, D);
    const K = new Float64Array(size * size), L = new Float64Array(size * size), b = new Float64Array(size);
    for (let t = 0; t < TRIALS; t++) {
      const {X, noise, beta} = ddlab.drawLinear(N_max, D, seed, t), y = new Float64Array(N_max), Xy = new Float64Array(D);
      const C = new Float64Array(D * D), fit = new Float64Array(D);
      for (let n = 0; n < N_max; n++) {
        for (let d = 0; d < D; d++) y[n] += r * X[n * D + d] * beta[d];
        y[n] += sigma * noise[n];
        for (let d = 0; d < D; d++) {
          Xy[d] += X[n * D + d] * y[n];
          for (let e = 0; e <= d; e++) C[d * D + e] += X[n * D + d] * X[n * D + e];
        }
        const N = n + 1, m = Math.min(N, D);
        if (N < D) {
          for (let j = 0; j < N; j++) {
            let dot = 0;
            for (let d = 0; d < D; d++) dot += X[n * D + d] * X[j * D + d];
            K[n * size + j] = dot;
          }
          choleskySolve(K, size, N, N * lam, y, L, b);
          fit.fill(0);
          for (let j = 0; j < N; j++) for (let d = 0; d < D; d++) fit[d] += X[j * D + d] * b[j];
        } else {
          choleskySolve(C, D, m, N * lam, Xy, L, b);
          fit.set(b);
        }
        let square = 0;
        for (let d = 0; d < D; d++) square += (fit[d] - r * beta[d]) ** 2;
        errors[t * N_max + n] = square + sigma * sigma;
      }
    }
    return quartiles(TRIALS, N_max, (t, n) => errors[t * N_max + n]);
  }

  // (A + shift) x = b for the leading m rows and columns of the lower triangle of A, its rows `stride` apart.
  function choleskySolve(A, stride, m, shift, b, L, x) {
    for (let i = 0; i < m; i++)
      for (let j = 0; j <= i; j++) {
        let sum = A[i * stride + j];
        for (let k = 0; k < j; k++) sum -= L[i * m + k] * L[j * m + k];
        L[i * m + j] = i === j ? Math.sqrt(sum + shift) : sum / L[j * m + j];
      }
    for (let i = 0; i < m; i++) {
      let sum = b[i];
      for (let k = 0; k < i; k++) sum -= L[i * m + k] * x[k];
      x[i] = sum / L[i * m + i];
    }
    for (let i = m - 1; i >= 0; i--) {
      const value = x[i] /= L[i * m + i];
      for (let k = 0; k < i; k++) x[k] -= L[i * m + k] * value;
    }
  }

  Object.assign(ddlab, {linearFits, linearCurve, expectedRisk, ridgeCurve});
  ddlab.linear = {curveAt, trainAt};
})();
