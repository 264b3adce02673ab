import { Screen } from "@/parts/Screen";

export function TagsScreen() {
  return <Screen title="TagsScreen">{null}</Screen>;
}
