"use strict";
// Films: the picture, the words and the slider follow each other; nothing is fetched.
for (const film of document.querySelectorAll(".film")) {
  const { steps, strips, toggles } = JSON.parse(film.querySelector("script").textContent);
  const moving = film.querySelector(".moving"), words = film.querySelector(".words");
  const slider = film.querySelector("input"), output = film.querySelector("output");
  const presets = [...film.querySelectorAll("[data-step]")], switches = [...film.querySelectorAll("[data-toggle]")];
  let strip = Number(film.dataset.strip), step = slider ? Number(slider.value) : 0;
  const decoded = new Map(); // pictures near the present one are made ready before they are asked for
  function picture(place) {
    const key = `${strip} ${place}`;
    if (!decoded.has(key)) {
      const image = new Image();
      image.src = "data:image/webp;base64," + strips[strip][place][0];
      decoded.set(key, image);
    }
    return decoded.get(key).src;
  }
  function show() {
    const said = strips[strip][step][1];
    moving.src = picture(step);
    for (const near of [step + 1, step - 1, step + 2, step - 2]) if (strips[strip][near]) picture(near);
    words.innerHTML = said;
    if (slider) {
      slider.value = step;
      output.value = steps[step];
      slider.setAttribute("aria-valuetext", steps[step]);
    }
    for (const button of presets)
      button.setAttribute("aria-pressed", button.dataset.strip == strip && button.dataset.step == step);
    for (const button of switches)
      button.setAttribute("aria-pressed", Boolean(strip & (1 << button.dataset.toggle)));
  }
  if (slider) slider.addEventListener("input", () => { step = Number(slider.value); show(); });
  for (const button of presets)
    button.addEventListener("click", () => {
      strip = Number(button.dataset.strip);
      step = Number(button.dataset.step);
      show();
    });
  for (const button of switches)
    button.addEventListener("click", () => { strip ^= 1 << button.dataset.toggle; show(); });
  show(); // a reloaded page keeps the slider where it was left
}

for (const check of document.querySelectorAll(".check"))
  check.addEventListener("change", event => {
    for (const reply of check.querySelectorAll("[data-reply]"))
      reply.hidden = reply.dataset.reply != event.target.value;
  });

for (const predict of document.querySelectorAll(".predict")) {
  const button = predict.querySelector("button"), reply = predict.querySelector("[data-reply]");
  const chosen = () => predict.querySelector("input:checked");
  predict.addEventListener("change", () => {
    button.disabled = false;
    predict.querySelector(".hint").textContent = "Now press Reveal.";
  });
  button.addEventListener("click", () => {
    const mine = reply.querySelector(".mine"), label = chosen().closest("label");
    mine.textContent = "You predicted: ";
    mine.append(Object.assign(document.createElement("b"), { textContent: label.querySelector("span").textContent }), ".");
    const sketch = label.querySelector("img");
    if (sketch) mine.append(sketch.cloneNode());
    reply.hidden = false;
    reply.setAttribute("tabindex", "-1");
    reply.focus(); // the button goes, and with it the place of the keyboard
    for (const input of predict.querySelectorAll("input")) input.disabled = true;
    button.hidden = true;
    predict.querySelector(".hint").hidden = true;
  });
}
