import { Screen } from "@/parts/Screen";

export function EditScreen() {
  return <Screen title="EditScreen">{null}</Screen>;
}
