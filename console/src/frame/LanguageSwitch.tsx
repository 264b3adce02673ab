import { Button } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { chooseLanguage } from "@/i18n/language";
import { useLanguage } from "@/i18n/texts";

/** The other language by its own name; sentences of the server are asked for anew. */
export function LanguageSwitch() {
  const shown = useLanguage();
  const queries = useQueryClient();
  const other = shown === "zh" ? "en" : "zh";
  return (
    <Button
      type="text"
      lang={other === "zh" ? "zh-CN" : "en"}
      onClick={() => {
        void chooseLanguage(other).then(() => queries.invalidateQueries());
      }}
    >
      {other === "zh" ? "中文" : "English"}
    </Button>
  );
}
