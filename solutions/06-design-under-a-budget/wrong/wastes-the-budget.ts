// The smallest network that fits, always.
// Believed: A design that keeps to its budget is a good design.
// In class: A budget that is not spent is accuracy given away, and it makes a comparison unfair. Ask which of the two budgets binds first when
// the network is made wider, and when it is made deeper.
export function design() {
  return { depth: 20, width: 8 };
}
