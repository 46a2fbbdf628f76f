// Turns left and right into start and end, so that one stylesheet serves every direction of writing.

import postcss from "postcss";

const RENAMES = [
  [/^(margin|padding)-left$/, "$1-inline-start"],
  [/^(margin|padding)-right$/, "$1-inline-end"],
  [/^border-left(-\w+)?$/, "border-inline-start$1"],
  [/^border-right(-\w+)?$/, "border-inline-end$1"],
  [/^left$/, "inset-inline-start"],
  [/^right$/, "inset-inline-end"],
  [/^border-top-left-radius$/, "border-start-start-radius"],
  [/^border-top-right-radius$/, "border-start-end-radius"],
  [/^border-bottom-left-radius$/, "border-end-start-radius"],
  [/^border-bottom-right-radius$/, "border-end-end-radius"],
];

const VALUES = {
  float: { left: "inline-start", right: "inline-end" },
  clear: { left: "inline-start", right: "inline-end" },
  "text-align": { left: "start", right: "end" },
};

const FOUR_SIDES = {
  margin: ["margin-block", "margin-inline"],
  padding: ["padding-block", "padding-inline"],
  "border-width": ["border-block-width", "border-inline-width"],
};

export function logical(css) {
  const sheet = postcss.parse(css);
  sheet.walkDecls((declaration) => {
    for (const [pattern, name] of RENAMES) declaration.prop = declaration.prop.replace(pattern, name);
    declaration.value = VALUES[declaration.prop]?.[declaration.value] ?? declaration.value;
    splitUnevenSides(declaration);
  });
  return sheet.toString();
}

// `margin: 1px 2px 3px 4px` names its sides by place; only uneven sides matter.
function splitUnevenSides(declaration) {
  const names = FOUR_SIDES[declaration.prop];
  const [top, right, bottom, left] = postcss.list.space(declaration.value);
  if (!names || left === undefined || left === right) return;
  declaration.cloneBefore({ prop: names[0], value: `${top} ${bottom}` });
  declaration.cloneBefore({ prop: names[1], value: `${left} ${right}` });
  declaration.remove();
}
