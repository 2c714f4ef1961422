export default (): string => 'own';
