import "@/i18n/language";
