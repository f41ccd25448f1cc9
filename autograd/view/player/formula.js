"use strict";
// Formulas as MathML. A formula is a number in the table of trees, where its parts are numbers
// again. It becomes elements without passing through any text, so that no name can be markup.

const MATHML = "http://www.w3.org/1998/Math/MathML";
const TAGS = { row: "mrow", frac: "mfrac", sup: "msup", sub: "msub", sqrt: "msqrt" };

function mathml(name, ...content) {
  const made = document.createElementNS(MATHML, name);
  made.append(...content);
  return made;
}

function formula(number, trees, hideAnswer) {
  function part(place) {
    const [kind, ...content] = trees[place];
    if (kind in TAGS) return mathml(TAGS[kind], ...content.map(part));
    if (kind === "i" || kind === "o") return mathml(kind === "i" ? "mi" : "mo", content[0]);
    if (kind !== "?") return digits(...content);
    const answer = hideAnswer ? mathml("mn", "?") : digits(...content);
    answer.setAttribute("class", "answer");
    return answer;
  }
  const math = mathml("math", part(number));
  math.setAttribute("display", "block");
  return math;
}

function digits(mantissa, exponent) {
  const first = mathml("mn", mantissa);
  if (!exponent) return first;
  const power = mathml("msup", mathml("mn", "10"), mathml("mn", exponent));
  return mathml("mrow", first, mathml("mo", "·"), power);
}
