// What a moved slider does, seen from the page and on its clock alone. Loaded before JupyterLab.
//
// An input is a trusted key press, click or move of the mouse; it sets a value. A value is sent to the kernel, the
// kernel's answers name the message that they answer, and so each picture is known to show the value of one input. A
// picture counts as shown in the animation frame after it has loaded, or after it was laid over another.
(() => {
  const bench = window.bench = { inputs: [], frames: [], ticks: [], last: null };
  const sent = new Map();      // id of a message to the kernel -> the number of the input whose value it found set
  const arrived = new Map();   // a picture -> the same number
  let turned;                  // the number of the input whose picture was brought to the front of its pile last
  let cell, dragging = false, waiting, lastMessage = 0;

  const moved = event => {
    // a click by the keyboard has been counted as a key press, the one that ends a drag as a move
    if (!event.isTrusted || dragging != (event.type == 'mousemove') || (event.type == 'click' && !event.detail)) return;
    bench.inputs.push(event.timeStamp);
  };
  for (const type of ['keydown', 'click', 'mousemove']) addEventListener(type, moved, { capture: true });

  // --- the kernel's messages, in the protocol v1.kernel.websocket.jupyter.org
  const words = new TextDecoder();
  const parts = data => {
    const view = new DataView(data), offset = n => Number(view.getBigUint64(8 * n, true));
    return Array.from({ length: offset(0) - 1 },
      (_, n) => new Uint8Array(data, offset(n + 1), offset(n + 2) - offset(n + 1)));
  };
  const json = part => JSON.parse(words.decode(part));

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (data instanceof ArrayBuffer) {
      const [, header, , , content] = parts(data), { msg_type, msg_id } = json(header);
      if (msg_type == 'comm_msg') {
        const state = json(content).data.state ?? {};
        if ('value' in state || 'index' in state) bench.last = bench.inputs.length - 1;
        sent.set(msg_id, bench.last);  // the kernel answers in order: whatever follows shows this value
      }
    }
    return send.call(this, data);
  };
  const onmessage = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage');
  Object.defineProperty(WebSocket.prototype, 'onmessage', {
    ...onmessage,
    set(handler) {
      onmessage.set.call(this, event => {
        lastMessage = performance.now();
        handler.call(this, event);  // it only queues the message: its picture cannot be shown before it is noted here
        if (event.data instanceof ArrayBuffer) receive(event.data);
      });
    },
  });
  const receive = data => {
    const [, header, parent, , content, ...buffers] = parts(data), { msg_type } = json(header);
    if (msg_type != 'comm_msg' && msg_type != 'display_data') return;
    const value = sent.get(json(parent).msg_id), body = json(content).data;
    if (msg_type == 'display_data') arrived.set(`data:image/png;base64,${body['image/png']}`, value);
    else if (typeof body.state?.value == 'string') arrived.set(body.state.value, value);
    else if (body.state?.visibility) turned = value;
    for (const buffer of buffers) {
      const url = buffer.length > 5 && words.decode(buffer.subarray(0, 5)) == 'data:';
      arrived.set(url ? words.decode(buffer) : 'canvas', value);
    }
  };

  // --- what is seen in the cell: a label's text, an image, or a canvas
  let latest = null;
  const shown = picture => {
    if (latest === null) requestAnimationFrame(() => {
      bench.frames.push([performance.now(), (latest == 'turned' ? turned : arrived.get(latest)) ?? null]);
      latest = null;
      waiting?.();
    });
    latest = picture;
  };
  // of a lab's pile of images, the one on top
  const seen = () => [...cell.querySelectorAll('.lm-Widget img')].filter(
    image => image.style.visibility != 'hidden').sort((a, b) => a.style.order - b.style.order).at(-1);
  let before;
  document.addEventListener('load', event => {
    if (cell?.contains(event.target) && event.target == seen()) shown(event.target.getAttribute('src'));
  }, true);
  const turns = new MutationObserver(() => {
    if (seen() == before) return;
    before = seen();
    if (before.complete) shown('turned');
  });
  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...all) {
    drawImage.apply(this, all);
    if (cell?.contains(this.canvas)) shown('canvas');
  };
  const texts = new MutationObserver(() => shown(cell.querySelector('.widget-vbox > .widget-label').textContent));

  const picture = () => {
    const canvas = cell.querySelector('canvas'), image = seen();
    if (canvas) return canvas.toDataURL();
    return image ? image.src : cell.querySelector('.widget-vbox > .widget-label').textContent;
  };

  // --- what the benchmark asks for
  bench.watch = node => {
    cell = node;
    texts.disconnect();
    turns.disconnect();
    before = seen();
    const label = cell.querySelector('.widget-vbox > .widget-label');
    if (label) texts.observe(label, { childList: true, characterData: true, subtree: true });
    const pile = before?.closest('.widget-gridbox');
    if (pile) turns.observe(pile, { attributeFilter: ['style'], subtree: true });
  };
  bench.clear = () => {
    for (const list of [bench.inputs, bench.frames, bench.ticks]) list.length = 0;
    sent.clear();
    arrived.clear();
    bench.last = null;
  };
  bench.latency = async seconds => {  // from the key press to the first new picture, in ms; null if none came
    if (!bench.frames.length) await new Promise(done => {
      waiting = done;
      setTimeout(done, 1000 * seconds);
    });
    waiting = null;
    return bench.frames.length ? bench.frames[0][0] - bench.inputs[0] : null;
  };
  bench.still = () => performance.now() - Math.max(lastMessage, bench.inputs.at(-1) ?? 0);  // for how many ms now
  bench.drag = on => {
    dragging = on;
    const tick = () => {
      if (!dragging) return;
      bench.ticks.push(performance.now());
      requestAnimationFrame(tick);
    };
    if (on) requestAnimationFrame(tick);
  };
  bench.keep = () => { bench.kept = picture(); };
  bench.same = () => bench.kept == picture();
})();
