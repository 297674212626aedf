// What PyTorch's ResNets call this library's variables: torchvision's for ImageNet, and the well-known ones for CIFAR.

const leaves: Readonly<Record<string, string>> = {
  weight: "weight",
  bias: "bias",
  scale: "weight",
  shift: "bias",
  mean: "running_mean",
  variance: "running_var",
};

/**
 * What torchvision's ResNets call a variable: `stage2.unit1.conv1.weight` is `layer2.0.conv1.weight`, a shortcut's projection and its
 * norm are `downsample.0` and `downsample.1`, batch norm's scale and shift are `weight` and `bias`, the head is `fc`.
 *
 * @example
 * ```ts
 * nn.torchName("stage2.unit1.norm1.mean"); // "layer2.0.bn1.running_mean"
 * ```
 *
 * @throws RangeError for a variable that those networks do not have.
 */
export function torchName(name: string): string {
  return torchNames(name)[0]!;
}

/**
 * All names under which a variable is published, torchvision's first: some CIFAR networks call the projection `shortcut` and the head
 * `linear` (Idelbayev's pytorch_resnet_cifar10), others keep torchvision's words.
 *
 * @throws RangeError for a variable that those networks do not have.
 */
export function torchNames(name: string): readonly string[] {
  const parts = /^(?:(stem)\.(conv|norm)|stage(\d)\.unit(\d+)\.(conv|norm)(\d)|stage(\d)\.unit(\d+)\.shortcut\.(conv|norm)|(head))\.(\w+)$/.exec(name); // prettier-ignore
  const leaf = leaves[parts?.[11] ?? ""];
  if (!parts || leaf === undefined) throw new RangeError(`PyTorch's ResNets have no tensor for ${name}`);
  const short = (kind: string) => (kind === "conv" ? "conv" : "bn");
  if (parts[1]) return [`${short(parts[2]!)}1.${leaf}`];
  if (parts[10]) return [`fc.${leaf}`, `linear.${leaf}`];
  if (parts[3]) return [`layer${parts[3]}.${Number(parts[4]) - 1}.${short(parts[5]!)}${parts[6]!}.${leaf}`];
  const place = parts[9] === "conv" ? 0 : 1;
  return ["downsample", "shortcut"].map(
    (word) => `layer${parts[7]!}.${Number(parts[8]) - 1}.${word}.${place}.${leaf}`,
  );
}

/** What PyTorch calls the counter of training steps beside a running mean, by that mean's name in a state dict; other tensors have none. */
export function torchCounters(name: string): readonly string[] {
  return name.endsWith(".running_mean") ? [name.replace(/running_mean$/, "num_batches_tracked")] : [];
}
