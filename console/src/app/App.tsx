import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App as AntdApp, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import { useLanguage } from "@/i18n/texts";
import { withRequiredMark } from "@/parts/RequiredMark";
import { PLAIN_S } from "@/parts/useActionToast";
import { SessionDialog } from "@/session/SessionDialog";
import { antdTheme, useShownTheme } from "@/theme/theme";
import { nonce } from "./nonce";
import { queryClient } from "./queries";
import { router } from "./router";

const LOCALES = { zh: zhCN, en: enGB };

export function App() {
  const shownLanguage = useLanguage();
  const theme = useShownTheme();
  return (
    <ConfigProvider
      locale={LOCALES[shownLanguage]}
      theme={antdTheme(theme)}
      csp={{ nonce }}
      // A word is a word: what is read aloud and searched for is what is written in the texts.
      button={{ autoInsertSpace: false }}
      form={{ requiredMark: withRequiredMark }}
      wave={{ disabled: true }}
    >
      <AntdApp
        className="app"
        message={{ duration: PLAIN_S }}
        notification={{ placement: "bottomLeft", duration: PLAIN_S }}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <SessionDialog />
        </QueryClientProvider>
      </AntdApp>
    </ConfigProvider>
  );
}
