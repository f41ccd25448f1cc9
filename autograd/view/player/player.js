"use strict";
(() => {
  const record = JSON.parse(document.getElementById("record").textContent);
  const { nodes, shown, trees } = record;
  const steps = record.steps.map((row) =>
    Object.fromEntries(row.map((content, place) => [record.fields[place], content])),
  );
  const at = (id) => document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  let position = 0; // how many of the shown steps have been taken
  let timer = null;
  let predicting = false;
  let solved = new Set(); // positions whose number the student knows
  let score = { right: 0, of: 0 };
  let tried = false;

  // What the picture is made of ---------------------------------------------------------------

  const parts = new Map();
  for (const group of document.querySelectorAll("#view g[id]")) {
    const text = (role) => group.querySelector(`.${role}`);
    parts.set(group.id, {
      group, data: text("data"), grad: text("grad"), base: group.getAttribute("class"),
    });
  }
  for (const part of parts.values()) part.base = part.base.replace(/ known| passed/g, "");

  // When each node is computed, and when its gradient becomes what: the picture after any step is
  // looked up here, and so a step back cannot leave anything behind.
  const computed = new Map();
  const arrivals = new Map(nodes.map((node) => [node.id, []]));
  const passed = new Map();
  let seeded = Infinity;
  steps.forEach((step, number) => {
    if (step.kind === "forward") return computed.set(step.changed, number);
    if (step.kind === "seed") seeded = number;
    if (step.edge) passed.set(step.edge, number);
    arrivals.get(step.changed).push([number, step.shown, step.exact]);
  });

  function gradient(id, number) {
    if (number < seeded) return ["", ""];
    let now = ["0", "0.0"];
    for (const [when, short, exact] of arrivals.get(id)) {
      if (when > number) break;
      now = [short, exact];
    }
    return now;
  }

  const current = () => (position ? shown[position - 1] : (shown[0] ?? 0) - 1);
  const isOpen = () => predicting && position > 0 && !solved.has(position);

  function roles(step) {
    if (!step) return {};
    const way = step.kind === "forward" ? "by-forward" : "by-backward";
    if (step.edge) {
      return { [step.node]: "source", [step.edge]: `lit ${way}`, [step.changed]: `lit ${way}` };
    }
    const lit = { [step.node]: `lit ${way}` };
    if (step.kind === "forward") {
      for (let place = 0; parts.has(`${step.node}e${place}`); place++) {
        lit[`${step.node}e${place}`] = `lit ${way}`;
      }
    }
    return lit;
  }

  // Showing a step -----------------------------------------------------------------------------

  function write(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  function dress(part, extra) {
    const wanted = extra ? `${part.base} ${extra}` : part.base;
    if (part.group.getAttribute("class") !== wanted) part.group.setAttribute("class", wanted);
  }

  function show() {
    const number = current();
    const step = position ? steps[number] : null;
    const lit = roles(step);
    const hidden = isOpen() ? step.changed : null;
    for (const node of nodes) {
      const part = parts.get(node.id);
      const known = !computed.has(node.id) || computed.get(node.id) <= number;
      const [short, exact] = gradient(node.id, number);
      const asksData = hidden === node.id && step.kind === "forward";
      const asksGrad = hidden === node.id && step.kind !== "forward";
      node.data = known ? (asksData ? "?" : node.number) : "";
      node.grad = asksGrad ? "?" : short;
      node.exactGrad = asksGrad ? "" : exact;
      write(part.data, node.data && `data ${node.data}`);
      write(part.grad, node.grad && `grad ${node.grad}`);
      dress(part, [known && "known", lit[node.id]].filter(Boolean).join(" "));
    }
    for (const [id, part] of parts) {
      if (part.data) continue;
      const has = passed.has(id) && passed.get(id) <= number;
      dress(part, [has && "passed", lit[id]].filter(Boolean).join(" "));
    }
    tell(step, number);
    ask(step);
    if (at("all").open) list();
    follow(step);
    narrow();
  }

  function tell(step, number) {
    const place = at("place");
    if (step) {
      const pass = step.kind === "forward" ? "forward" : "backward";
      place.replaceChildren(`step ${number + 1} of ${steps.length} · `, mark("b", pass, pass));
      const [stem, answer, rest] = step.words;
      at("sentence").replaceChildren(
        stem, mark("b", isOpen() ? "?" : answer), isOpen() ? "" : rest,
      );
      at("formula").replaceChildren(formula(step.formula, trees, isOpen()));
    } else {
      place.textContent = `${steps.length} steps`;
      at("sentence").textContent = record.start;
      at("formula").replaceChildren();
    }
    at("slider").value = position;
    at("slider").setAttribute("aria-valuetext", place.textContent);
    at("first").disabled = at("back").disabled = position === 0;
    at("last").disabled = at("forward").disabled = position === shown.length;
    document.documentElement.dataset.position = position;
  }

  // A formula that is too wide gets smaller letters, down to a size that can still be read.
  function narrow() {
    const room = at("formula").clientWidth / at("formula").scrollWidth;
    if (room < 1) at("formula").firstChild.style.fontSize = `${Math.max(0.85, 1.3 * room)}rem`;
  }

  function mark(name, text, kind) {
    const element = document.createElement(name);
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }

  function list() {
    const rows = at("nodes").rows;
    nodes.forEach((node, row) => {
      write(rows[row].cells[2], node.data === node.number ? node.exact : node.data);
      write(rows[row].cells[3], node.exactGrad || node.grad);
    });
    const before = at("list").querySelector("[aria-current]");
    if (before) before.removeAttribute("aria-current");
    const now = position && at("list").children[position - 1].firstChild;
    if (now) now.setAttribute("aria-current", "step");
  }

  // The picture's size, and the part of it that is looked at -------------------------------------

  const view = at("view");
  const svg = view.querySelector("svg");
  const width = Number(svg.getAttribute("width"));
  const height = Number(svg.getAttribute("height"));
  let whole = null; // true or false once the student has chosen
  const smallest = 0.7; // with letters of ten pixels: what is smaller nobody can read

  // The whole picture, if it can be read then. Else its whole height if that can be read, since
  // along one direction it is easily scrolled, and otherwise letters as large as the words.
  function resize() {
    const [across, down] = [view.offsetWidth / width, (view.offsetHeight - 18) / height];
    const fitting = Math.min(across, view.offsetHeight / height, 1.7);
    const fits = whole ?? fitting >= smallest;
    const letter = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const scrolled = down >= smallest ? Math.min(down, letter) : letter;
    const scale = Math.max(fits ? fitting : scrolled, Math.min(smallest, 1));
    svg.style.width = `${width * scale}px`;
    svg.style.height = `${height * scale}px`;
    at("whole").setAttribute("aria-pressed", fits);
    at("whole").hidden = fitting >= 1;
    const larger = width * scale > view.clientWidth + 1 || height * scale > view.clientHeight + 1;
    view.classList.toggle("larger", larger);
  }

  // A picture that is larger than its place follows the mouse that pulls it; a finger scrolls.
  let pulled = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || !view.classList.contains("larger")) return;
    pulled = [event.clientX + view.scrollLeft, event.clientY + view.scrollTop];
  });
  addEventListener("pointermove", (event) => {
    if (pulled) view.scrollTo(pulled[0] - event.clientX, pulled[1] - event.clientY);
  });
  addEventListener("pointerup", () => (pulled = null));

  function follow(step) {
    if (!step || (svg.clientWidth <= view.clientWidth && svg.clientHeight <= view.clientHeight)) {
      return;
    }
    const frame = view.getBoundingClientRect();
    const [source, changed] = [step.node, step.changed].map(
      (id) => parts.get(id).group.getBoundingClientRect(),
    );
    const both = {
      left: Math.min(source.left, changed.left), right: Math.max(source.right, changed.right),
      top: Math.min(source.top, changed.top), bottom: Math.max(source.bottom, changed.bottom),
    };
    const large = both.right - both.left > frame.width || both.bottom - both.top > frame.height;
    const goal = large ? changed : both;
    const inside = goal.left >= frame.left && goal.right <= frame.right;
    if (inside && goal.top >= frame.top && goal.bottom <= frame.bottom) return;
    view.scrollBy({
      left: (goal.left + goal.right) / 2 - (frame.left + frame.right) / 2,
      top: (goal.top + goal.bottom) / 2 - (frame.top + frame.bottom) / 2,
      behavior: calm.matches ? "instant" : "smooth",
    });
  }

  // Moving -------------------------------------------------------------------------------------

  function go(to) {
    const target = Math.max(0, Math.min(shown.length, to));
    if (target === position) return;
    position = target;
    tried = false;
    at("verdict").textContent = "";
    show();
    if (isOpen()) pause();
  }

  function pause() {
    clearTimeout(timer);
    timer = null;
    at("play").classList.remove("playing");
    at("play").setAttribute("aria-label", "Play");
  }

  function play() {
    if (timer !== null) return pause();
    if (isOpen()) return at("guess").focus();
    if (position === shown.length) go(0);
    at("play").classList.add("playing");
    at("play").setAttribute("aria-label", "Pause");
    const next = () => {
      timer = setTimeout(next, 1500 / Number(at("speed").value));
      go(position + 1);
      if (position === shown.length) pause();
    };
    timer = setTimeout(next, 250);
  }

  function stepBy(difference) {
    pause();
    go(position + difference);
  }

  function jump(to) {
    pause();
    go(to);
  }

  // Predicting ---------------------------------------------------------------------------------

  function ask(step) {
    at("question").hidden = !predicting;
    const open = isOpen();
    write(at("ask"), open ? question(step, nodes.find((node) => node.id === step.changed)) : "");
    at("guess").hidden = at("check").hidden = at("reveal").hidden = !open;
    if (open) {
      at("guess").value = "";
      at("guess").focus({ preventScroll: true });
    }
  }

  function solve(words, right) {
    solved.add(position);
    score.of += 1;
    score.right += right;
    show();
    const output = at("verdict");
    output.textContent = `${words} ${score.right} of ${score.of} predicted.`;
    output.className = right ? "right" : "";
    view.focus({ preventScroll: true });
  }

  // No form: a frame that may run scripts, and nothing else, may not send one.
  function check() {
    if (!isOpen()) return;
    const output = at("verdict");
    output.className = "";
    const guess = readNumber(at("guess").value);
    if (guess === null) {
      output.textContent = "Type a number, such as 0.75, 3/4 or -2 * 0.5.";
      return;
    }
    const wrong = verdict(guess, steps[current()]);
    if (wrong) {
      tried = true;
      output.textContent = wrong;
      at("guess").select();
    } else solve("✓ Right.", tried ? 0 : 1);
  }

  function setPredicting(on) {
    pause();
    predicting = on;
    solved = new Set();
    score = { right: 0, of: 0 };
    for (let place = 1; place <= position; place++) solved.add(place);
    at("predict").setAttribute("aria-pressed", on);
    at("verdict").textContent = on ? "Step on, and work out each number before you see it." : "";
    show();
  }

  // What the hand does -------------------------------------------------------------------------

  const keys = {
    ArrowRight: () => stepBy(1),
    ArrowLeft: () => stepBy(-1),
    Home: () => jump(0),
    End: () => jump(shown.length),
    " ": play,
    Enter: () => stepBy(1), // after an answer, on to the next question
    p: () => setPredicting(!predicting),
    f: () => at("whole").click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    const tag = target.tagName;
    if (target === at("guess")) {
      if (event.key === "Escape") view.focus();
      if (event.key === "Enter") check();
      return;
    }
    if (tag === "SELECT" || (target === at("slider") && event.key !== " ")) return;
    if ([" ", "Enter"].includes(event.key) && ["BUTTON", "SUMMARY"].includes(tag)) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const click = (id, action) => at(id).addEventListener("click", action);
  click("first", () => jump(0));
  click("back", () => stepBy(-1));
  click("play", play);
  click("forward", () => stepBy(1));
  click("last", () => jump(shown.length));
  click("predict", () => setPredicting(!predicting));
  click("check", check);
  click("reveal", () => solve("There it is.", 0));
  click("whole", () => {
    whole = at("whole").getAttribute("aria-pressed") !== "true";
    resize();
    follow(position ? steps[current()] : null);
  });
  at("slider").addEventListener("input", () => jump(Number(at("slider").value)));
  at("all").addEventListener("toggle", () => at("all").open && list());
  new ResizeObserver(resize).observe(view);
  addEventListener("beforeprint", () => {
    at("all").open = true;
  });

  // Setting up ---------------------------------------------------------------------------------

  shown.forEach((number, place) => {
    const item = document.createElement("li");
    const button = mark("button", steps[number].words.join(""));
    button.addEventListener("click", () => jump(place + 1));
    item.value = number + 1;
    item.append(button);
    at("list").append(item);
  });
  for (const node of nodes) {
    const row = at("nodes").insertRow();
    for (const text of [node.name, node.op, "", ""]) row.insertCell().textContent = text;
  }
  at("slider").max = shown.length;
  resize();
  show();
})();
