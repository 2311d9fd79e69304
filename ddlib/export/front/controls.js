"use strict";
// Sliders, choices, buttons and tables: native elements, so keyboard and screen reader find them.

(() => {
  let numbers = 0;

  // A new element within a parent: make(parent, "p", {className: "words"}, "text")
  function make(parent, tag, properties = {}, text = "") {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties))
      name in node ? (node[name] = value) : node.setAttribute(name, value);
    node.append(text);
    parent.append(node);
    return node;
  }

  // A labelled slider; state[name] follows it, then change(name) is called.
  function slider(parent, state, name, {words, low, high, step = 1, show = String}, change) {
    const row = make(parent, "div", {className: "slider"}), id = `control-${++numbers}`;
    const label = make(row, "label", {htmlFor: id});
    make(label, "b", {}, name);
    label.append(` ${words}`);
    const output = make(row, "output", {htmlFor: id});
    const input = make(row, "input", {type: "range", id, min: low, max: high, step, value: state[name]});
    const tell = () => {
      output.value = show(state[name]);
      input.setAttribute("aria-valuetext", output.value);
    };
    input.addEventListener("input", () => {
      state[name] = +input.value;
      tell();
      change(name);
    });
    tell();
    return value => { // moved by something else
      state[name] = value;
      input.value = value;
      tell();
    };
  }

  // Radio buttons that look like one bar.
  function choice(parent, state, name, {words, values}, change) {
    const group = make(parent, "fieldset", {className: "choice"}), key = `choice-${++numbers}`;
    make(group, "legend", {}, words);
    for (const value of values) {
      const label = make(group, "label");
      const input = make(label, "input", {type: "radio", name: key, value, checked: value === state[name]});
      make(label, "span", {}, value);
      input.addEventListener("change", () => {
        state[name] = value;
        change(name);
      });
    }
  }

  const button = (parent, words, press) => make(parent, "button", {type: "button", onclick: press}, words);

  // A table of numbers, filled only while it is open.
  function table(details, head, rows) {
    const fill = () => {
      if (!details.open) return;
      const old = details.querySelector("div"), room = document.createElement("div");
      Object.assign(room, {className: "scroll", tabIndex: 0});
      room.setAttribute("role", "region");
      room.setAttribute("aria-label", "The numbers as a table");
      const body = make(room, "table"), top = make(make(body, "thead"), "tr");
      for (const cell of head) make(top, "th", {scope: "col"}, cell);
      const cells = make(body, "tbody");
      for (const row of rows()) {
        const line = make(cells, "tr");
        row.forEach((cell, place) => make(line, place ? "td" : "th", place ? {} : {scope: "row"}, cell));
      }
      old ? old.replaceWith(room) : details.append(room);
    };
    details.addEventListener("toggle", fill);
    let timer = 0;
    return () => { // after a change, once it rests
      clearTimeout(timer);
      timer = setTimeout(fill, 150);
    };
  }

  Object.assign(ddlab, {make, slider, choice, button, table});
})();
