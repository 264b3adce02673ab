import { Screen } from "@/parts/Screen";

export function TokensScreen() {
  return <Screen title="TokensScreen">{null}</Screen>;
}
