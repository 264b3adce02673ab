import { Link } from "@tanstack/react-router";
import { Empty } from "@/parts/Empty";
import { useFrameTexts } from "./texts";

export function NotFound() {
  const t = useFrameTexts();
  return (
    <main>
      <Empty title={t("notFound")} hint={t("notFoundHint")}>
        <Link to="/">{t("toOverview")}</Link>
      </Empty>
    </main>
  );
}
