"use strict";
// What a student is asked before a number is shown, and what to make of the answer.

function question(step, { name, gradient }) {
  if (step.kind === "forward") return `What is ${name}?`;
  if (step.kind === "seed") return `With what does ${gradient} begin?`;
  return step.edge ? `What is added to ${gradient}?` : `What is ${gradient} in the end?`;
}

const NAMED = new Map([["inf", Infinity], ["-inf", -Infinity], ["nan", NaN]]);
const exactly = (text) => (NAMED.has(text) ? NAMED.get(text) : Number(text));

// "0.79", "-3/4", "2 * -0.5" and "1e-3" are numbers; a comma may stand for the point.
function readNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(/[×·]/g, "*").replace(/,/g, ".");
  const word = plain.toLowerCase().replace("∞", "inf");
  if (NAMED.has(word)) return NAMED.get(word);
  const one = String.raw`\(?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*\)?`;
  const whole = new RegExp(`^${one}(?:\\s*[*/]\\s*${one})*$`, "i");
  if (!whole.test(plain)) return null;
  let result = 1;
  for (const [, sign, factor] of plain.matchAll(new RegExp(`([*/]?)\\s*${one}`, "gi"))) {
    result = sign === "/" ? result / Number(factor) : result * Number(factor);
  }
  return result;
}

// Right to half a percent, and so to two or three digits; infinity and nan are just themselves.
const near = (guess, truth) =>
  Object.is(guess, truth)
  || (Number.isFinite(truth) && Math.abs(guess - truth) <= 0.005 * Math.abs(truth) + 1e-12);

// What to say of a guess: nothing if it is right.
function verdict(guess, step) {
  const truth = exactly(step.asked);
  if (near(guess, truth)) return "";
  if (step.edge && near(guess, exactly(step.local))) {
    return "That is the local derivative alone. Multiply it by the gradient that arrives.";
  }
  if (step.edge && near(guess, exactly(step.upstream))) {
    return "That is the gradient that arrives. Multiply it by the local derivative.";
  }
  if (step.edge && near(guess, exactly(step.exact))) {
    return "That is the gradient afterwards. What is added to it here?";
  }
  if (near(-guess, truth)) return "The right size. Look at the signs.";
  return "Not yet. Two digits are enough, and a fraction or a product will do.";
}
