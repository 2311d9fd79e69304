"use strict";
// The draws of ddlib/datasets/draws.py, number for number: numpy's SeedSequence, PCG64, uniforms and normals.
// Sources: numpy/random/bit_generator.pyx, src/pcg64/pcg64.h, src/distributions/distributions.c (BSD licence).
var ddlab = {};

(() => {
  const MULTIPLIER = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360]; // 16 bits each, lowest first

  // SeedSequence(seed).spawn(...)[child].generate_state(8), 32 bits each
  function childState(seed, child) {
    const entropy = [seed % 2 ** 32, Math.floor(seed / 2 ** 32), 0, 0, child];
    const pool = [0, 0, 0, 0];
    let constant = 0x43b0d7e5;
    const hash = value => {
      value ^= constant;
      constant = Math.imul(constant, 0x931e8875);
      value = Math.imul(value, constant);
      return value ^ (value >>> 16);
    };
    const mix = (x, y) => {
      const mixed = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y) | 0;
      return mixed ^ (mixed >>> 16);
    };
    for (let i = 0; i < 4; i++) pool[i] = hash(entropy[i]);
    for (let from = 0; from < 4; from++)
      for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
    for (let to = 0; to < 4; to++) pool[to] = mix(pool[to], hash(entropy[4]));
    constant = 0x8b51f9dd;
    return Array.from({length: 8}, (_, i) => {
      let value = pool[i % 4] ^ constant;
      constant = Math.imul(constant, 0x58f38ded);
      value = Math.imul(value, constant);
      return (value ^ (value >>> 16)) >>> 0;
    });
  }

  // Marsaglia and Tsang's layers of the normal density, of one area each, from the tail's start inwards
  const LAYERS = 256, TAIL = 3.6541528853610088;
  const width = new Float64Array(LAYERS), inside = new Float64Array(LAYERS), height = new Float64Array(LAYERS);
  {
    const density = x => Math.exp(-0.5 * x * x);
    // the area follows from the tail's start: the rectangle below it, and the tail, by its continued fraction
    let fraction = TAIL;
    for (let k = 60; k > 0; k--) fraction = TAIL + k / fraction;
    const area = TAIL * density(TAIL) + density(TAIL) / fraction;
    let x = TAIL, outer = TAIL;
    const foot = area / density(TAIL);
    inside[0] = TAIL / foot * 2 ** 52;
    width[0] = foot / 2 ** 52;
    width[255] = TAIL / 2 ** 52;
    height[0] = 1;
    height[255] = density(TAIL);
    for (let i = 254; i > 0; i--) {
      x = Math.sqrt(-2 * Math.log(area / x + density(x)));
      inside[i + 1] = x / outer * 2 ** 52;
      outer = x;
      height[i] = density(x);
      width[i] = x / 2 ** 52;
    }
  }

  // np.random.default_rng(SeedSequence(seed).spawn(...)[child])
  class Generator {
    constructor(seed, child) {
      const words = childState(seed, child);
      const limbs = ([low, high, low2, high2]) => // of two 64-bit words, the first the upper one
        [low2, high2, low, high].flatMap(word => [word & 0xffff, word >>> 16]);
      const start = limbs(words.slice(0, 4)), sequence = limbs(words.slice(4));
      this.increment = sequence.map((limb, k) => ((limb << 1) & 0xffff) | (k ? sequence[k - 1] >>> 15 : 1));
      this.state = new Array(8).fill(0);
      this.step();
      let carry = 0;
      for (let k = 0; k < 8; k++) {
        const sum = this.state[k] + start[k] + carry;
        this.state[k] = sum & 0xffff;
        carry = sum >>> 16;
      }
      this.step();
    }

    step() { // state * MULTIPLIER + increment, modulo 2^128
      const state = this.state, increment = this.increment;
      let carry = 0;
      const next = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let k = 0; k < 8; k++) {
        let sum = increment[k] + carry;
        for (let j = 0; j <= k; j++) sum += state[j] * MULTIPLIER[k - j];
        next[k] = sum & 0xffff;
        carry = Math.floor(sum / 65536);
      }
      this.state = next;
    }

    advance() { // the next 64 bits, in this.high and this.low
      this.step();
      const s = this.state;
      const low = (s[0] ^ s[4]) | ((s[1] ^ s[5]) << 16), high = (s[2] ^ s[6]) | ((s[3] ^ s[7]) << 16);
      const turn = s[7] >>> 10, by = turn & 31;
      const [a, b] = turn & 32 ? [high, low] : [low, high];
      this.low = (by ? (a >>> by) | (b << (32 - by)) : a) >>> 0;
      this.high = (by ? (b >>> by) | (a << (32 - by)) : b) >>> 0;
    }

    uniform() { // rng.random()
      this.advance();
      return (this.high * 2 ** 21 + (this.low >>> 11)) / 2 ** 53;
    }

    normal() { // rng.standard_normal(), by the ziggurat
      for (;;) {
        this.advance();
        const layer = this.low & 0xff, negative = this.low & 0x100;
        const bits = (this.high & 0x1fffffff) * 2 ** 23 + (this.low >>> 9);
        const x = (negative ? -bits : bits) * width[layer];
        if (bits < inside[layer]) return x;
        if (layer === 0) {
          for (;;) {
            const beyond = -Math.log1p(-this.uniform()) / TAIL, other = -Math.log1p(-this.uniform());
            if (2 * other > beyond * beyond) return Math.floor(bits / 256) % 2 ? -(TAIL + beyond) : TAIL + beyond;
          }
        }
        if ((height[layer - 1] - height[layer]) * this.uniform() + height[layer] < Math.exp(-0.5 * x * x)) return x;
      }
    }
  }

  // x (N) and unit noise (N) of trial t, as draw_trials gives them
  function drawPoints(N, seed, t) {
    const rng = new Generator(seed, t), x = new Float64Array(N), noise = new Float64Array(N);
    for (let n = 0; n < N; n++) {
      x[n] = 2 * rng.uniform() - 1;
      const size = Math.sqrt(-2 * Math.log1p(-rng.uniform()));
      noise[n] = size * Math.cos(2 * Math.PI * rng.uniform());
    }
    return {x, noise};
  }

  // X (N, D), unit noise (N) and the direction of beta (D) of trial t, as draw_linear_trials gives them
  function drawLinear(N, D, seed, t) {
    const rng = new Generator(seed, t), beta = new Float64Array(D), X = new Float64Array(N * D), noise = new Float64Array(N);
    let square = 0;
    for (let d = 0; d < D; d++) square += (beta[d] = rng.normal()) ** 2;
    for (let d = 0; d < D; d++) beta[d] /= Math.sqrt(square);
    for (let n = 0; n < N; n++) {
      for (let d = 0; d < D; d++) X[n * D + d] = rng.normal();
      noise[n] = rng.normal();
    }
    return {X, noise, beta};
  }

  Object.assign(ddlab, {Generator, drawPoints, drawLinear});
})();
