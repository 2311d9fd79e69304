"use strict";
// The engine away from the page, so that it never stutters. From file: no worker has an address: it is made of a Blob.

(() => {
  const INSIDE = `onmessage = ({data: {call, options}}) => {
    try {
      const result = ddlab[call](...options);
      const parts = Object.values(result).filter(ArrayBuffer.isView).map(part => part.buffer);
      postMessage({result}, [...new Set(parts)]);
    } catch (error) {
      postMessage({error: String(error)});
    }
  };`;

  // One worker for one panel. While it computes only the newest question waits; answers are kept by question.
  class Background {
    constructor(kept = 40) {
      Object.assign(this, {kept, answers: new Map(), waiting: null, asked: null});
      const source = document.getElementById("engine").textContent + INSIDE;
      this.address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    }

    // The answer of ddlab[call](...options) goes to `then`, at once if it is known.
    ask(call, options, then) {
      const question = {call, options, then, key: JSON.stringify([call, options])};
      if (this.answers.has(question.key)) {
        this.waiting = null;
        then(this.answers.get(question.key));
      } else if (this.asked) this.waiting = question;
      else this.post(question);
    }

    post(question) {
      this.asked = question;
      if (!this.worker) {
        this.worker = new Worker(this.address);
        this.worker.onmessage = ({data}) => this.answered(data);
      }
      this.worker.postMessage({call: question.call, options: question.options});
    }

    answered({result, error}) {
      const {asked, waiting} = this;
      this.asked = this.waiting = null;
      if (error) throw new Error(error);
      this.answers.set(asked.key, result);
      if (this.answers.size > this.kept) this.answers.delete(this.answers.keys().next().value);
      if (waiting) this.ask(waiting.call, waiting.options, waiting.then);
      asked.then(result); // also what was overtaken: the curve follows the slider as fast as it can
    }
  }

  Object.assign(ddlab, {Background});
})();
