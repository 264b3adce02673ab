import { Screen } from "@/parts/Screen";

export function RecycleBinScreen() {
  return <Screen title="RecycleBinScreen">{null}</Screen>;
}
