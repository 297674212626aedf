// The few things the site does with a page's tree, over parse5's own nodes.
import { defaultTreeAdapter as tree, type DefaultTreeAdapterTypes } from "parse5";

export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Parent = DefaultTreeAdapterTypes.ParentNode;
export type Element = DefaultTreeAdapterTypes.Element;
export type Text = DefaultTreeAdapterTypes.TextNode;

export const isElement = (node: Node): node is Element => tree.isElementNode(node);
export const isText = (node: Node): node is Text => tree.isTextNode(node);

/** Every node below, in the order of the text; below an element for which `enter` is false nothing is visited. */
export function* nodesBelow(
  parent: Parent,
  enter: (element: Element) => boolean = () => true,
): Generator<Node> {
  // A copy, because whoever walks may replace what is visited.
  for (const node of [...parent.childNodes]) {
    yield node;
    if (isElement(node) && enter(node)) yield* nodesBelow(node, enter);
  }
}

/** Every element below, in the order of the text. */
export function* elementsBelow(parent: Parent): Generator<Element> {
  for (const node of nodesBelow(parent)) if (isElement(node)) yield node;
}

export const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((one) => one.name === name)?.value;

export function setAttribute(element: Element, name: string, value: string): void {
  const own = element.attrs.find((one) => one.name === name);
  if (own) own.value = value;
  else element.attrs.push({ name, value });
}

export const classesOf = (element: Element): readonly string[] =>
  (attribute(element, "class") ?? "").split(/\s+/).filter((name) => name !== "");

/** The text that a reader sees, without what scripts, styles and drawings hold. */
export function textOf(parent: Parent): string {
  const isShown = ({ tagName }: Element): boolean => !/^(?:script|style|noscript|svg)$/.test(tagName);
  return [...nodesBelow(parent, isShown)].map((node) => (isText(node) ? node.value : "")).join("");
}

/** A new element that stands where `node` stood, and holds it. */
export function wrap(node: Element, tagName: string, attributes: Readonly<Record<string, string>>): void {
  const attrs = Object.entries(attributes).map(([name, value]) => ({ name, value }));
  const around = tree.createElement(tagName, node.namespaceURI, attrs);
  tree.insertBefore(node.parentNode!, around, node);
  tree.detachNode(node);
  tree.appendChild(around, node);
}

/** Puts nodes in a node's place. */
export function replace(node: Node, others: readonly Node[]): void {
  const parent = node.parentNode!;
  for (const other of others) {
    tree.detachNode(other);
    tree.insertBefore(parent, other, node);
  }
  tree.detachNode(node);
}

export const textNode = (value: string): Text => tree.createTextNode(value);
export const commentNode = (data: string): Node => tree.createCommentNode(data);
