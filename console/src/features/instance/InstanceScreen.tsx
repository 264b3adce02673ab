import { Screen } from "@/parts/Screen";

export function InstanceScreen() {
  return <Screen title="InstanceScreen">{null}</Screen>;
}
