import type { NextConfig } from 'next';

const config: NextConfig = {
  typescript: { ignoreBuildErrors: true },
  // Within this repository the packages are taken from their sources; elsewhere what follows is not needed.
  transpilePackages: ['@ws/react', '@ws/client', '@ws/types'],
  webpack(webpack: { resolve: { conditionNames: string[] } }) {
    webpack.resolve.conditionNames = ['@ws/source', '...'];
    return webpack;
  },
};

export default config;
