import { Screen } from "@/parts/Screen";

export function AboutScreen() {
  return <Screen title="AboutScreen">{null}</Screen>;
}
