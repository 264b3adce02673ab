import { Screen } from "@/parts/Screen";

export function ProfileScreen() {
  return <Screen title="ProfileScreen">{null}</Screen>;
}
