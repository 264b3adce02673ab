import { Screen } from "@/parts/Screen";

export function EnvironmentsScreen() {
  return <Screen title="EnvironmentsScreen">{null}</Screen>;
}
