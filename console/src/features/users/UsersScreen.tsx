import { Screen } from "@/parts/Screen";

export function UsersScreen() {
  return <Screen title="UsersScreen">{null}</Screen>;
}
