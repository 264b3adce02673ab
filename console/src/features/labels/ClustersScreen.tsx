import { Screen } from "@/parts/Screen";

export function ClustersScreen() {
  return <Screen title="ClustersScreen">{null}</Screen>;
}
