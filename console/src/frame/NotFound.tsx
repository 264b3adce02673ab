import { Link } from "@tanstack/react-router";
import { Empty } from "@/parts/Empty";
import { Screen } from "@/parts/Screen";
import { useFrameTexts } from "./texts";

export function NotFound() {
  const t = useFrameTexts();
  return (
    <Screen title={t("notFound")}>
      <Empty title={t("notFoundHint")}>
        <Link to="/">{t("toOverview")}</Link>
      </Empty>
    </Screen>
  );
}
