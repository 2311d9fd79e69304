"use strict";
// Axes, lines, bands and points on a canvas: drawn for its width, crisp at any density, in the colours of the scheme.

(() => {
  const superscript = n => String(n).replace(/./g, digit => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]);

  // the label of a tick: 0.001 to 9999 in digits, beyond that a power of ten
  function tick(value) {
    if (value <= 0) return String(value).replace("-", "−");
    return value > 0.0009 && value < 9999 ? String(+value.toPrecision(3)) : `10${superscript(Math.round(Math.log10(value)))}`;
  }

  // a number in words: three digits, and powers of ten where that is shorter
  function shown(value) {
    if (!Number.isFinite(value)) return "infinite";
    if (value === 0 || value < 1e-12) return "0";
    if (value >= 0.001 && value < 9999.5) return String(+value.toPrecision(value < 1 ? 2 : 3));
    const power = Math.floor(Math.log10(value));
    return `${(value / 10 ** power).toFixed(1)}\u00a0×\u00a010${superscript(power)}`;
  }

  class Plot {
    // axes: {x, y}, each {low, high, log, ticks, label}; draw(plot) is called whenever the picture is to be drawn
    constructor(canvas, axes, draw) {
      Object.assign(this, {canvas, axes, draw, pen: canvas.getContext("2d"), waiting: false});
      new ResizeObserver(() => this.refresh()).observe(canvas);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
      this.recolour();
    }

    recolour() {
      const style = getComputedStyle(document.documentElement);
      this.colour = name => style.getPropertyValue(`--${name}`).trim();
      this.refresh();
    }

    refresh() { // however often it is asked for, once a frame
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        this.paint();
      });
    }

    paint() {
      const {canvas, pen} = this, density = devicePixelRatio || 1;
      const width = canvas.clientWidth, height = canvas.clientHeight;
      if (!width || !height) return;
      const [across, down] = [Math.round(width * density), Math.round(height * density)];
      if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, {width: across, height: down});
      pen.setTransform(density, 0, 0, density, 0, 0);
      pen.clearRect(0, 0, width, height);
      pen.lineJoin = "round";
      this.box = {left: 46, right: width - 12, top: 10, bottom: height - 42};
      this.frame();
      pen.save();
      pen.beginPath();
      pen.rect(this.box.left, this.box.top, this.box.right - this.box.left, this.box.bottom - this.box.top);
      pen.clip();
      this.over = [];
      this.draw(this);
      pen.restore();
      for (const late of this.over) late();
    }

    place({low, high, log}, value, from, to) {
      const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
      return from + share * (to - from);
    }

    x(value) {
      return this.place(this.axes.x, value, this.box.left, this.box.right);
    }

    y(value) { // zero has no place on a log axis: just below the frame
      const {low, high, log} = this.axes.y;
      const inside = log ? Math.min(Math.max(value, low / 3), high * 3) : value;
      return this.place(this.axes.y, inside, this.box.bottom, this.box.top);
    }

    valueAt(pixel) { // what the x axis says at a place on the canvas
      const {low, high, log} = this.axes.x, share = (pixel - this.box.left) / (this.box.right - this.box.left);
      return log ? low * (high / low) ** share : low + share * (high - low);
    }

    frame() {
      const {pen, box, axes} = this;
      pen.font = "13px system-ui, sans-serif";
      pen.lineWidth = 1;
      pen.fillStyle = this.colour("soft");
      pen.strokeStyle = this.colour("grid");
      const inside = ({low, high}, value) => value > Math.min(low, high) - 1e-9 && value < Math.max(low, high) + 1e-9;
      let free = -Infinity;
      pen.textAlign = "center";
      pen.textBaseline = "top";
      for (const value of axes.x.ticks.filter(value => inside(axes.x, value))) {
        const at = Math.round(this.x(value)) + 0.5, words = tick(value), room = pen.measureText(words).width / 2;
        pen.beginPath();
        pen.moveTo(at, box.top);
        pen.lineTo(at, box.bottom);
        pen.stroke();
        if (at - room > free + 6 && at + room < box.right + 14) {
          pen.fillText(words, at, box.bottom + 6);
          free = at + room;
        }
      }
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      for (const value of axes.y.ticks.filter(value => value >= axes.y.low && value <= axes.y.high)) {
        const at = Math.round(this.y(value)) + 0.5;
        pen.beginPath();
        pen.moveTo(box.left, at);
        pen.lineTo(box.right, at);
        pen.stroke();
        pen.fillText(tick(value), box.left - 7, at);
      }
      pen.strokeStyle = this.colour("axis");
      pen.beginPath();
      pen.moveTo(box.left + 0.5, box.top);
      pen.lineTo(box.left + 0.5, box.bottom + 0.5);
      pen.lineTo(box.right, box.bottom + 0.5);
      pen.stroke();
      pen.textAlign = "center";
      pen.textBaseline = "bottom";
      pen.fillStyle = this.colour("ink");
      pen.fillText(axes.x.label, (box.left + box.right) / 2, box.bottom + 42);
    }

    path(x, y, keep = () => true) { // a polyline, broken where keep(g) is false or y infinite
      let down = false;
      this.pen.beginPath();
      for (let g = 0; g < x.length; g++) {
        if (!keep(g) || !Number.isFinite(y[g])) down = false;
        else {
          this.pen[down ? "lineTo" : "moveTo"](this.x(x[g]), this.y(y[g]));
          down = true;
        }
      }
    }

    line(x, y, {colour, width = 2.4, dash = [], keep, alpha = 1}) {
      this.path(x, y, keep);
      this.stroke(colour, width, dash, alpha);
    }

    stroke(colour, width = 1.5, dash = [], alpha = 1) {
      const {pen} = this;
      pen.globalAlpha = alpha;
      pen.strokeStyle = this.colour(colour);
      pen.lineWidth = width;
      pen.setLineDash(dash);
      pen.stroke();
      pen.setLineDash([]);
      pen.globalAlpha = 1;
    }

    band(x, lower, upper, {colour, keep = () => true, alpha = 0.22}) {
      const {pen} = this;
      pen.fillStyle = this.colour(colour);
      pen.globalAlpha = alpha;
      for (let start = 0; start < x.length; start++) {
        if (!keep(start)) continue;
        let end = start;
        while (end + 1 < x.length && keep(end + 1)) end++;
        pen.beginPath();
        for (let g = start; g <= end; g++) pen.lineTo(this.x(x[g]), this.y(upper[g]));
        for (let g = end; g >= start; g--) pen.lineTo(this.x(x[g]), this.y(lower[g]));
        pen.fill();
        start = end;
      }
      pen.globalAlpha = 1;
    }

    hatch(from, to) { // of an interval of x: where no value is to be believed
      const {pen, box} = this, [left, right] = [this.x(from), this.x(to)].sort((a, b) => a - b);
      pen.save();
      pen.beginPath();
      pen.rect(left, box.top, right - left, box.bottom - box.top);
      pen.clip();
      pen.beginPath();
      for (let at = left - (box.bottom - box.top); at < right; at += 8) {
        pen.moveTo(at, box.bottom);
        pen.lineTo(at + box.bottom - box.top, box.top);
      }
      this.stroke("soft", 1, [], 0.45);
      pen.restore();
    }

    vertical(value, words, colour = "soft", share = 0.04) { // share: how high its name stands
      const {pen, box} = this, at = this.x(value);
      pen.beginPath();
      pen.moveTo(at, box.top);
      pen.lineTo(at, box.bottom);
      this.stroke(colour, 1.6, [5, 4]);
      const left = at > (box.left + box.right) / 2 + 40;
      this.text(words, at + (left ? -6 : 6), box.bottom - share * (box.bottom - box.top) - 8, left ? "right" : "left", colour);
    }

    horizontal(value, words, colour = "truth", right = false) {
      const {pen, box} = this, at = this.y(value);
      pen.beginPath();
      pen.moveTo(box.left, at);
      pen.lineTo(box.right, at);
      this.stroke(colour, 1.6, [2, 3]);
      this.text(words, right ? box.right - 4 : box.left + 6, at - 9, right ? "right" : "left", colour);
    }

    text(words, x, y, align = "left", colour = "ink") {
      const {pen} = this;
      pen.font = "13px system-ui, sans-serif";
      pen.textAlign = align;
      pen.textBaseline = "middle";
      pen.lineWidth = 4;
      pen.strokeStyle = this.colour("panel"); // a rim, so that it reads over lines
      pen.strokeText(words, x, y);
      pen.fillStyle = this.colour(colour);
      pen.fillText(words, x, y);
    }

    dots(x, y, colour, radius = 4.5, alpha = 1) {
      const {pen} = this;
      pen.globalAlpha = alpha;
      pen.fillStyle = this.colour(colour);
      pen.strokeStyle = this.colour("panel");
      pen.lineWidth = 1;
      for (let n = 0; n < x.length; n++) {
        pen.beginPath();
        pen.arc(this.x(x[n]), this.y(y[n]), radius, 0, 2 * Math.PI);
        pen.fill();
        if (radius > 3) pen.stroke();
      }
      pen.globalAlpha = 1;
    }

    // a diamond; over everything, and held within the frame
    here(x, y) {
      const {pen, box} = this;
      const at = this.x(x), up = Math.min(Math.max(this.y(y), box.top), box.bottom);
      this.over.push(() => {
        pen.beginPath();
        for (const [dx, dy] of [[0, -8], [8, 0], [0, 8], [-8, 0]]) pen.lineTo(at + dx, up + dy);
        pen.closePath();
        pen.fillStyle = this.colour("here");
        pen.fill();
        pen.strokeStyle = this.colour("panel");
        pen.lineWidth = 2;
        pen.stroke();
      });
    }
  }

  const powers = (low, high, step = 1) =>
    Array.from({length: Math.floor((high - low) / step) + 1}, (_, k) => 10 ** (low + k * step));

  Object.assign(ddlab, {Plot, shown, powers});
})();
