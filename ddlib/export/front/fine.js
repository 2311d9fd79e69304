"use strict";
// Householder's QR with twice the digits, for fits whose rounding error would be multiplied by the condition number
// squared: each number is a sum high + low. Source: Dekker (1971), A floating-point technique for extending precision.

(() => {
  const SPLIT = 2 ** 27 + 1;

  // what a * b, rounded to `product`, leaves out
  function remainder(a, b, product) {
    const big = SPLIT * a, high = big - (big - a), low = a - high;
    const big2 = SPLIT * b, high2 = big2 - (big2 - b), low2 = b - high2;
    return high * high2 - product + high * low2 + low * high2 + low * low2;
  }

  // A -> H A for H = 1 - scale v v', v the entries of V from `from` on and exact; rows before `first` stay.
  function reflect(V, from, scale, A, low, at, rows, first) {
    let sum = 0, rest = 0;
    for (let n = first; n < rows; n++) {
      const v = V[from + n], a = A[at + n], product = v * a, next = sum + product, back = next - sum;
      rest += sum - (next - back) + (product - back) + remainder(v, a, product) + v * low[at + n];
      sum = next;
    }
    const high = sum * scale[0], little = remainder(sum, scale[0], high) + sum * scale[1] + rest * scale[0];
    const dot = high + little, dotLow = high - dot + little;
    for (let n = first; n < rows; n++) {
      const v = V[from + n], a = A[at + n], product = dot * v, next = a - product, back = next - a;
      const left = a - (next - back) - (product + back) - remainder(dot, v, product) - dotLow * v + low[at + n];
      A[at + n] = next + left;
      low[at + n] = left - (A[at + n] - next);
    }
  }

  // As householder in curve.js, but for the reflectors, which nobody needs.
  function fineHouseholder(A, rows, columns, steps) {
    const low = new Float64Array(A.length), V = new Float64Array(rows);
    for (let i = 0; i < steps; i++) {
      let square = 0;
      for (let n = i; n < rows; n++) square += (V[n] = A[i * rows + n]) ** 2;
      if (square === 0) continue;
      V[i] += V[i] < 0 ? -Math.sqrt(square) : Math.sqrt(square);
      let sum = 0, rest = 0; // v'v
      for (let n = i; n < rows; n++) {
        const product = V[n] * V[n], next = sum + product, back = next - sum;
        rest += sum - (next - back) + (product - back) + remainder(V[n], V[n], product);
        sum = next;
      }
      const scale = 2 / sum, whole = scale * sum;
      const scaleLow = (2 - whole - remainder(scale, sum, whole) - scale * rest) / sum;
      for (let j = i; j < columns; j++) reflect(V, 0, [scale, scaleLow], A, low, j * rows, rows, i);
      for (let n = i + 1; n < rows; n++) A[i * rows + n] = 0;
    }
  }

  Object.assign(ddlab, {fineHouseholder});
})();
