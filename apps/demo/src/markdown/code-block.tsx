import { CopyButton } from '@ws/ui';

export function CodeBlock({ code, language }: { readonly code: string; readonly language: string | undefined }) {
  return (
    <figure className="code-block">
      <figcaption>
        <span>{language === undefined || language === '' ? 'text' : language}</span>
        <CopyButton text={code} />
      </figcaption>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
