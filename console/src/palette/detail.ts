import { useClusterKind } from "@/words/clusterKinds";
import { endpointWords } from "@/words/engines";

/** `detail("instance", "postgresql db1:5432")`: what the API tells beside the name of a found thing, in words. */
export function useDetail(): (type: string, detail: string) => string {
  const kind = useClusterKind();
  return (type, detail) =>
    type === "instance" ? endpointWords(detail) : type === "cluster" ? kind(detail) : detail;
}
