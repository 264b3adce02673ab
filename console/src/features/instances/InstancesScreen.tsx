import { Screen } from "@/parts/Screen";

export function InstancesScreen() {
  return <Screen title="InstancesScreen">{null}</Screen>;
}
