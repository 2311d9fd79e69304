"use strict";
// A notebook as slides. A unit is a block of text, one output, or a lab; a slide is as many units as the screen holds.
// Units stay where they are in the document (widgets do not like to be moved); only what is shown changes.
(() => {
  const SETTLED = 3; // looks at the page, half a second apart, in which nothing has grown any more
  let units = [], slides = [], now = 0, notesWindow = null;
  const all = (what, node = document) => [...node.querySelectorAll(what)];
  const main = () => document.querySelector("#rendered_cells > div");

  function collect() {
    units = [];
    let section = { title: "", notes: [] };
    for (const cell of all("#rendered_cells .jp-Cell")) {
      const text = cell.querySelector(".jp-MarkdownOutput");
      if (cell.closest(".speaker-notes")) {
        section.notes.push(text.innerHTML);
        continue;
      }
      const seen = node => node.offsetHeight || node.textContent.trim();
      const nodes = (text ? [...text.children] : all(".jp-OutputArea-child", cell)).filter(seen);
      for (const node of nodes) {
        const heading = /^H[123]$/.test(node.tagName);
        if (heading) section = { title: node.textContent.replace("¶", ""), notes: [] };
        const lab = Boolean(node.querySelector(".widget-image") && node.querySelector("[role=slider]"));
        node.classList.add("unit");
        node.classList.toggle("lab", lab);
        const question = !lab && Boolean(node.querySelector(".jupyter-widgets"));
        units.push({ node, heading, lab, question, section, starts: /^H[12]$/.test(node.tagName),
          leads: heading || leads(node) });
      }
    }
  }

  // a line that ends in a colon, or is bold throughout, says what comes next
  function leads(node) {
    if (node.tagName != "P") return false;
    const words = node.textContent.trim(), bold = all("strong", node).map(part => part.textContent).join("").trim();
    return words.endsWith(":") || (bold && bold == words);
  }

  const room = () => main().clientHeight - 4;
  function tall(node) {
    const { marginTop, marginBottom } = getComputedStyle(node);
    return node.offsetHeight + parseFloat(marginTop) + parseFloat(marginBottom);
  }

  // the answer to a question appears later and wants its place
  function reply(node) {
    const type = parseFloat(getComputedStyle(main()).fontSize), sketch = node.querySelector("img");
    return 2.5 * type + (sketch ? sketch.offsetHeight + 1.5 * type : 0);
  }

  const height = unit => tall(unit.node) + (unit.question ? reply(unit.node) : 0);

  // the picture of a lab takes the room that its controls and words leave
  function fit(unit, left) {
    const image = unit.node.querySelector("img.widget-image");
    const ratio = image.naturalHeight / image.naturalWidth || 0.47;
    unit.node.style.setProperty("--width", "10px");
    const others = tall(unit.node) - image.offsetHeight;
    const width = Math.min(main().clientWidth * 0.93, (left - others) / ratio);
    unit.node.style.setProperty("--width", `${Math.max(width, 400)}px`);
  }

  // what leads to something wants it on the same slide; a lab has a slide of its own
  function followers(place) {
    const next = units[place + 1];
    return units[place].leads && next && !next.lab ? height(next) + followers(place + 1) : 0;
  }

  function divide() {
    main().classList.add("measuring");
    slides = [];
    let used = Infinity, alone = false;
    units.forEach((unit, place) => {
      const before = units[place - 1];
      const joins = before?.heading; // a heading stays with what follows it
      if (unit.lab) fit(unit, room() - (joins ? used : 0));
      const needs = Math.min(height(unit) + followers(place), room());
      if (!slides.length || (!joins && (unit.starts || unit.lab || alone || used + needs > room()))) {
        slides.push([]);
        used = 0;
      }
      slides.at(-1).push(place);
      used += height(unit);
      // what comes after a question may give its answer away
      alone = unit.lab || (unit.question && !units[place + 1]?.question);
    });
    main().classList.remove("measuring");
  }

  function show(slide) {
    if (!slides.length) return;
    now = Math.min(Math.max(slide, 0), slides.length - 1);
    const shown = new Set(slides[now]);
    units.forEach((unit, place) => unit.node.classList.toggle("shown", shown.has(place)));
    main().scrollTop = 0;
    const { section, starts } = units[slides[now][0]];
    document.querySelector(".bar .section").textContent = starts ? "" : section.title;
    document.querySelector(".bar .place").textContent = `${now + 1} / ${slides.length}`;
    document.querySelector("#previous").disabled = now == 0;
    document.querySelector("#next").disabled = now == slides.length - 1;
    history.replaceState(null, "", `#${now + 1}`);
    speak();
  }

  // the lecturer's window: this page writes into it, so that it follows
  function speak() {
    if (!notesWindow || notesWindow.closed) return;
    const here = slides[now].map(place => units[place]), next = slides[now + 1];
    const text = new Set(here.flatMap(unit => unit.section.notes));
    const body = notesWindow.document.body;
    body.querySelector("h1").textContent = `${now + 1} / ${slides.length}  ${here[0].section.title}`;
    body.querySelector("div").innerHTML = [...text].join("<hr>") || "<p>No notes for this slide.</p>";
    for (const fold of all("details", body)) fold.open = true;
    body.querySelector("footer").textContent = next ? `Next: ${units[next[0]].node.textContent.trim().slice(0, 90)}` : "The last slide.";
  }
  function openNotes() {
    notesWindow = window.open("", "speaker-notes", "popup,width=720,height=560");
    if (!notesWindow) return alert("The browser did not allow a second window for the speaker notes.");
    notesWindow.document.documentElement.lang = "en";
    notesWindow.document.title = "Speaker notes";
    notesWindow.document.body.innerHTML = "<h1></h1><div></div><footer></footer>";
    notesWindow.document.body.style.cssText = "font: 20px/1.5 system-ui, 'DejaVu Sans', sans-serif; margin: 24px; color: #222";
    notesWindow.document.addEventListener("keydown", press);
    speak();
  }

  // a focused control keeps the keys that move it; n and p turn the pages all the same
  function press(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.isContentEditable || target.closest?.("input[type=text], input[type=number], textarea")) return;
    const held = target.closest?.("[role=slider], input, select, button:not(.turn)");
    const keys = { n: 1, p: -1, ...(held ? {} : { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 }) };
    if (key in keys) show(now + keys[key]);
    else if (!held && key == "Home") show(0);
    else if (!held && key == "End") show(slides.length - 1);
    else if (key == "s") openNotes();
    else if (key == "f") document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    else if (key == "Escape") document.activeElement?.blur();
    else return;
    event.preventDefault();
  }

  function bars() {
    document.body.insertAdjacentHTML("beforeend", `<div class="bar top"><span class="section"></span></div>
      <nav class="bar bottom" aria-label="Slides"><button class="turn" id="previous">← Back <kbd>p</kbd></button>
      <button class="turn" id="next">Next <kbd>n</kbd> →</button><button class="turn" id="notes">Notes <kbd>s</kbd></button>
      <button class="turn" id="full">Full screen <kbd>f</kbd></button><span class="place" role="status"></span></nav>`);
    const click = (name, action) => document.querySelector(`#${name}`).addEventListener("click", action);
    click("previous", () => show(now - 1));
    click("next", () => show(now + 1));
    click("notes", openNotes);
    click("full", () => document.documentElement.requestFullscreen());
  }

  function again() {
    const first = slides[now]?.[0] ?? 0;
    divide();
    show(slides.findIndex(slide => slide.at(-1) >= first));
  }

  // widgets and formulas arrive one by one; the slides are made when all have settled
  let size = -1, still = 0;
  const waiting = setInterval(() => {
    const cells = document.querySelector("#rendered_cells");
    if (!cells || cells.style.display == "none" || document.querySelector("#loading")) return;
    const found = cells.scrollHeight + main().scrollHeight + all("img", cells).filter(image => !image.complete).length;
    still = found == size ? still + 1 : 0;
    size = found;
    if (still < SETTLED) return;
    clearInterval(waiting);
    collect();
    bars();
    divide();
    show(Number(location.hash.slice(1)) - 1 || 0);
    document.addEventListener("keydown", press, true); // before a widget or voila sees it
    window.addEventListener("resize", again);
    document.documentElement.dataset.slides = slides.length;
  }, 500);
})();
