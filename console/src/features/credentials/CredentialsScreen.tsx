import { Screen } from "@/parts/Screen";

export function CredentialsScreen() {
  return <Screen title="CredentialsScreen">{null}</Screen>;
}
