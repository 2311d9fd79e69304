"use strict";
// What every curve needs: checks at the door, Householder's QR, and quantiles over the trials.

(() => {
  // Beyond this condition number of X a fit in double precision is mostly rounding error: ddlib's own limit.
  const CONDITION_LIMIT = 1e10;

  function whole(name, value, low, high) {
    if (!Number.isInteger(value) || value < low || value > high)
      throw new RangeError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
    return value;
  }

  function real(name, value) {
    if (!(typeof value === "number" && value >= 0 && value < 1e100))
      throw new RangeError(`${name} must be a number, at least 0, got ${value}`);
    return value;
  }

  // A, columns of length `rows` one after the other: the first `steps` become R, the others Q' times what they were.
  // Returns the reflectors: each column's, and two over its squared length.
  function householder(A, rows, columns, steps) {
    const V = new Float64Array(steps * rows), scale = new Float64Array(steps);
    for (let i = 0; i < steps; i++) {
      const at = i * rows;
      let square = 0;
      for (let n = i; n < rows; n++) square += A[at + n] ** 2;
      const length = Math.sqrt(square), head = A[at + i];
      if (length === 0) continue;
      for (let n = i; n < rows; n++) V[at + n] = A[at + n];
      V[at + i] += head < 0 ? -length : length;
      scale[i] = 1 / (square + Math.abs(head) * length);
      A[at + i] = head < 0 ? length : -length;
      for (let n = i + 1; n < rows; n++) A[at + n] = 0;
      for (let j = i + 1; j < columns; j++) reflect(V, scale[i], at, A, j * rows, rows, i);
    }
    return {V, scale};
  }

  function reflect(V, scale, from, A, at, rows, first) {
    let dot = 0;
    for (let n = first; n < rows; n++) dot += V[from + n] * A[at + n];
    dot *= scale;
    for (let n = first; n < rows; n++) A[at + n] -= dot * V[from + n];
  }

  // The first `steps` columns of Q, one after the other.
  function orthonormal({V, scale}, rows, steps) {
    const Q = new Float64Array(rows * steps);
    for (let j = 0; j < steps; j++) {
      Q[j * rows + j] = 1;
      for (let i = steps - 1; i >= 0; i--) reflect(V, scale[i], i * rows, Q, j * rows, rows, i);
    }
    return Q;
  }

  // R's diagonal with no zero in it; what that changes is far beyond CONDITION_LIMIT
  const divisor = value => (Math.abs(value) < 1e-300 ? 1e-300 : value);

  // numpy.quantile's linear interpolation at 0.25, 0.5, 0.75, for each point of a grid; error(t, g) is trial t's
  function quartiles(trials, size, error) {
    const curve = {median: new Float64Array(size), lower: new Float64Array(size), upper: new Float64Array(size)};
    const sorted = new Float64Array(trials);
    const at = q => {
      const place = (trials - 1) * q, below = Math.floor(place);
      return sorted[below] + (place - below) * (sorted[Math.min(below + 1, trials - 1)] - sorted[below]);
    };
    for (let g = 0; g < size; g++) {
      for (let t = 0; t < trials; t++) { // so few: by insertion
        const value = error(t, g);
        let place = t;
        for (; place > 0 && sorted[place - 1] > value; place--) sorted[place] = sorted[place - 1];
        sorted[place] = value;
      }
      curve.lower[g] = at(0.25);
      curve.median[g] = at(0.5);
      curve.upper[g] = at(0.75);
    }
    return curve;
  }

  Object.assign(ddlab, {CONDITION_LIMIT, whole, real, householder, orthonormal, divisor, quartiles});
})();
