import { Screen } from "@/parts/Screen";

export function OverviewScreen() {
  return <Screen title="OverviewScreen">{null}</Screen>;
}
