import { Screen } from "@/parts/Screen";

export function CreateScreen() {
  return <Screen title="CreateScreen">{null}</Screen>;
}
