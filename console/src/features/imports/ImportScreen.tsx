import { Screen } from "@/parts/Screen";

export function ImportScreen() {
  return <Screen title="ImportScreen">{null}</Screen>;
}
