"use strict";
// The cells of a notebook as slides of reveal.js, by their slide_type: slide, subslide, fragment, notes, skip.
// Runs before the widgets are set in, so that they find their places where the slides are.
(() => {
  const all = (what, node = document) => [...node.querySelectorAll(what)];
  const make = (name, words, inside) => {
    const node = Object.assign(document.createElement(name), { className: words });
    inside?.append(node);
    return node;
  };
  const LAB = ".widget-gridbox, .film .picture";       // a lab's picture, live or filmed
  const PICTURE = `${LAB}, .jp-RenderedImage, p.figure, .jp-RenderedHTMLCommon p:has(> img:only-child)`;
  const HEADLINE = "h1, h2, h3";
  const SMALLEST = 18 / 24, LARGEST = 1.5;             // of the usual type

  const pieces = all(".piece"), place = pieces[0].parentElement;
  const deck = make("div", "reveal"), slides = make("div", "slides", deck);
  let stack, slide, headline;
  for (const piece of pieces) {
    const kind = piece.dataset.slide, title = piece.querySelector(HEADLINE);
    if (kind == "slide" || !stack) stack = make("section", "stack", slides);
    if (kind == "slide" || kind == "subslide" || !slide) {
      slide = make("section", "", stack);
      if (!title && headline && kind == "subslide") slide.append(headline.cloneNode(true));
    }
    if (kind == "notes") make("aside", "notes", slide).append(piece);
    else {
      if (kind == "fragment") piece.classList.add("fragment");
      slide.append(piece);
      headline = title ?? headline;
    }
  }
  place.append(deck);

  // --- the picture takes the room that the rest leaves
  function fit(slide) {
    const type = step => slide.style.setProperty("--step", step);
    const pictures = all(PICTURE, slide).filter(node => node.offsetParent && !node.closest(".notes"));
    const words = !pictures.length && !slide.querySelector(".jupyter-widgets, .film, fieldset");
    slide.classList.toggle("words", words);
    const start = words || !pictures.length && !slide.querySelector(".ddlib-vote") ? LARGEST : 1;
    type(start);
    const picture = pictures.find(node => node.matches(LAB)) ?? pictures[0];
    if (picture) {
      const image = picture.querySelector("img");
      const ratio = image.naturalHeight / image.naturalWidth || 0.45;
      slide.style.setProperty("--width", "10px");
      const across = slide.clientWidth - 2 * parseFloat(getComputedStyle(slide).paddingLeft);
      const used = usedHeight(slide) - picture.offsetHeight;
      slide.style.setProperty("--width", `${Math.max(Math.min(across, (room(slide) - used - 4) / ratio), 200)}px`);
    }
    for (let step = start; step > SMALLEST && (usedHeight(slide) > room(slide) + 1 || tooWide(slide)); step -= 0.05) type(step);
  }
  const room = slide => slide.clientHeight - parseFloat(getComputedStyle(slide).paddingTop) - parseFloat(getComputedStyle(slide).paddingBottom);
  function usedHeight(slide) {
    const parts = [...slide.children].filter(node => node.offsetHeight && !node.matches(".notes"));
    return parts.length ? Math.max(...parts.map(bottom)) - parts[0].getBoundingClientRect().top : 0;
  }
  const tooWide = slide => all("mjx-math, table, math", slide)
    .some(node => node.getBoundingClientRect().right > slide.clientWidth - parseFloat(getComputedStyle(slide).paddingRight) + 1);
  const bottom = node => node.getBoundingClientRect().bottom + parseFloat(getComputedStyle(node).marginBottom);
  const again = () => all("section section").filter(slide => slide.offsetParent).forEach(fit);

  // --- keys: a clicker's turn the slides wherever the focus is; arrows belong to a slider that has it
  const held = node => node.closest?.("[role=slider], input, select, textarea, button, summary");
  function press(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = target.closest?.("input:not([type=radio]):not([type=range]), textarea");
    const digit = /^[1-9]$/.test(key) && !typing;
    const next = key == "PageDown" || (!held(target) && ["ArrowRight", "ArrowDown", "n", " "].includes(key));
    if (next) onward();
    else if (key == "PageUp") Reveal.prev();
    else if (typing) return;
    else if (key == "b" || key == ".") Reveal.togglePause();
    else if (key == "s") openNotes();
    else if (digit) presets()[key - 1]?.click();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // neither a slider nor reveal.js is asked
  }
  // what is still to be revealed comes before the next slide
  function onward() {
    const reveal = all("button", Reveal.getCurrentSlide()).find(button => button.offsetParent && !button.disabled
      && !button.matches(".mod-active, [aria-pressed=true]") && button.textContent.trim() == "Reveal");
    reveal ? reveal.click() : Reveal.next();
  }
  // digits: hands for the choices of a vote, later the buttons of its lab
  function presets() {
    const slide = Reveal.getCurrentSlide(), vote = slide.querySelector(".ddlib-vote:not(.revealed)");
    if (vote) return all(".ddlib-choice .widget-button", vote);
    return all(".on-slide .widget-button, .film .tries button", slide)
      .filter(button => button.offsetParent && /^\d /.test(button.textContent));
  }

  // --- the lecturer's window. That of reveal.js loads the slides twice more, which would start two more kernels
  let notes, began = Date.now();
  const titleOf = slide => (slide?.querySelector(HEADLINE)?.textContent ?? "").replace("¶", "");
  function openNotes() {
    notes = window.open("", "speaker-notes", "popup,width=760,height=620");
    if (!notes) return alert("The browser did not allow a second window for the speaker notes.");
    notes.document.documentElement.lang = "en";
    notes.document.title = "Speaker notes";
    notes.document.body.innerHTML = `<header><time></time> <button>Start again</button> <span></span></header>
      <h1></h1><main></main><footer></footer>`;
    notes.document.body.style.cssText = "font: 20px/1.5 system-ui, 'DejaVu Sans', sans-serif; margin: 20px; color: #222";
    notes.document.querySelector("button").onclick = () => { began = Date.now(); };
    notes.document.addEventListener("keydown", event => {
      const keys = { PageDown: "next", ArrowRight: "next", ArrowDown: "next", n: "next", PageUp: "prev", ArrowLeft: "prev", ArrowUp: "prev", p: "prev" };
      if (event.key in keys) Reveal[keys[event.key]]();
      else if (event.key == "b") Reveal.togglePause();
    });
    speak();
  }
  function speak() {
    if (!notes || notes.closed) return;
    const body = notes.document.body, here = Reveal.getCurrentSlide(), every = Reveal.getSlides();
    const number = every.indexOf(here), next = every[number + 1];
    body.querySelector("span").textContent = `slide ${number + 1} of ${every.length}`;
    body.querySelector("h1").textContent = titleOf(here);
    body.querySelector("main").innerHTML = all(".notes", here).map(node => node.innerHTML).join("") || "<p>No notes for this slide.</p>";
    all("details", body).forEach(fold => { fold.open = true; });
    all("summary", body).forEach(line => line.remove());
    body.querySelector("footer").textContent = next ? `Next: ${titleOf(next)}` : "The last slide.";
  }
  setInterval(() => {
    if (!notes || notes.closed) return;
    const seconds = Math.floor((Date.now() - began) / 1000);
    notes.document.querySelector("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 500);

  // --- when the kernel is lost: what happened, and how to go on
  function warn(words) {
    const line = document.querySelector(".lost") ?? make("div", "lost", document.body);
    line.setAttribute("role", "alert");
    line.textContent = words;
    line.hidden = !words;
  }
  const RELOAD = "Press F5: the slides start anew and come back to this place.";
  const words = new TextDecoder("latin1");
  let waiting, dead = false; // a kernel that is started again knows nothing of these labs
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      if (!/\/api\/kernels\//.test(given[0])) return;
      this.addEventListener("open", () => { clearTimeout(waiting); if (!dead) warn(""); });
      this.addEventListener("close", () => {
        clearTimeout(waiting); // a short gap is closed without a word
        if (!dead) waiting = setTimeout(() => warn(`The connection to the kernel is lost: labs stand still. ${RELOAD}`), 4000);
      });
      this.addEventListener("message", ({ data }) => {
        const text = typeof data == "string" ? data : data.byteLength < 4000 ? words.decode(data) : "";
        if (!/"execution_state": ?"(dead|restarting|autorestarting)"/.test(text)) return;
        dead = true;
        warn(`The kernel has died: labs stand still. ${RELOAD}`);
      });
    }
  };

  // --- start when voila shows the page
  const ready = setInterval(() => {
    if (!deck.offsetParent || document.querySelector("#loading")) return;
    clearInterval(ready);
    document.addEventListener("keydown", press, true); // before a widget, voila or reveal.js sees it
    all(".widget-gridbox").forEach(node => node.setAttribute("data-prevent-swipe", ""));
    Reveal.initialize({
      disableLayout: true, display: "flex", hash: true, slideNumber: "c/t", transition: "none", backgroundTransition: "none",
      navigationMode: "linear", viewDistance: 1000, autoPlayMedia: false,
      keyboardCondition: event => !held(event.target) || event.key == "Escape",
    }).then(() => {
      for (const event of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(event, () => { again(); speak(); });
      window.addEventListener("resize", again);
      // widgets and formulas arrive one by one
      new ResizeObserver(again).observe(deck);
      new MutationObserver(() => { clearTimeout(again.later); again.later = setTimeout(again, 60); })
        .observe(slides, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "src"] });
      document.addEventListener("load", event => { if (event.target.tagName == "IMG" && !event.target.style.width) again(); }, true);
      again();
      document.documentElement.dataset.slides = Reveal.getTotalSlides();
    });
  }, 100);
})();
