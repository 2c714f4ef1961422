import type { ComponentProps } from 'react';
import './icon-button.css';

/** A button that shows a picture only; the label is read and shown as a tip. */
export function IconButton({ label, ...rest }: { readonly label: string } & ComponentProps<'button'>) {
  return <button type="button" className="icon-button" aria-label={label} title={label} {...rest} />;
}
